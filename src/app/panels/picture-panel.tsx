// The picture: the lab's own view where it has one, else its first fixed view. The recorded run fills it from the start.
import { lazy, Suspense, useCallback, useMemo, type ComponentType } from 'react';
import type { ViewProps } from '../../labs/_kit/contract/view.ts';
import { viewLoader } from '../../labs/load.ts';
import { ViewPanel } from '../charts/view-panel.tsx';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { MathsText } from '../parts/maths-text.tsx';
import { isActive } from '../store/run-machine.ts';
import { frontArm, isLive, shownArms, useArmLook, useLab, useLabStore } from '../store/use-lab.ts';
import { useReducedMotion } from '../../pictures/use-media.ts';
import { useTheme } from '../theme.ts';

const lazyViews = new Map<string, ComponentType<ViewProps> | null>();

/** The lab's own picture as a component that stays the same between renders, or null. */
export function customView(slug: string): ComponentType<ViewProps> | null {
  if (!lazyViews.has(slug)) {
    const load = viewLoader(slug);
    lazyViews.set(slug, load && lazy(load));
  }
  return lazyViews.get(slug)!;
}

export function PicturePanel({ large = false }: { large?: boolean }) {
  const meta = useLab((state) => state.meta);
  const Custom = customView(meta.slug);
  if (!Custom)
    return meta.views.length ? (
      <section className="picture" aria-labelledby="picture-title">
        <Title />
        <ViewPanel spec={meta.views[0]} height={large ? 480 : 380} />
      </section>
    ) : null;
  return (
    <section className="picture" aria-labelledby="picture-title">
      <Title />
      <ErrorBoundary what="The picture">
        <Suspense fallback={<div className="picture-frame" />}>
          <div className="picture-frame">
            <CustomPicture View={Custom} large={large} />
          </div>
        </Suspense>
      </ErrorBoundary>
      <p className="picture-caption">
        <Source /> <MathsText text={meta.caption} />
      </p>
    </section>
  );
}

const Title = () => (
  <h2 id="picture-title" className="hidden-text">
    Picture
  </h2>
);

/** Whose numbers the picture shows. */
function Source() {
  const live = useLab((state) => isLive(state) && Object.keys(state.pictures).length > 0);
  const recorded = useLab((state) => state.recorded);
  return live ? (
    <span className="source" data-live="true">
      your run
    </span>
  ) : recorded ? (
    <span className="source">recorded run</span>
  ) : null;
}

function CustomPicture({ View, large }: { View: ComponentType<ViewProps>; large: boolean }) {
  const store = useLabStore();
  const meta = useLab((state) => state.meta);
  const recorded = useLab((state) => state.recorded);
  const own = useLab((state) => state.pictures);
  const arms = useLab(shownArms);
  const knobs = useLab((state) => state.knobs);
  const running = useLab((state) => isActive(state.phase));
  const hoveredArm = useLab(frontArm);
  const { styles } = useArmLook();
  const theme = useTheme();
  const reducedMotion = useReducedMotion();
  const pictures = useMemo(() => ({ ...recorded?.pictures, ...own }), [recorded, own]);
  const query = useCallback((name: string, payload: unknown) => store.query(name, payload), [store]);
  const setKnob = useCallback<ViewProps['setKnob']>(
    (name, value, settled = true) => store.setKnob(name, value, settled),
    [store],
  );
  return (
    <View
      meta={meta}
      pictures={pictures}
      live={Object.keys(own).length > 0}
      arms={arms}
      armStyles={styles}
      recorded={recorded}
      knobs={knobs}
      setKnob={setKnob}
      running={running}
      hoveredArm={hoveredArm}
      hoverArm={store.hover}
      query={query}
      theme={theme}
      reducedMotion={reducedMotion}
      large={large}
    />
  );
}
