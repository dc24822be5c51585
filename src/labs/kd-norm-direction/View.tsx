// The picture: one compass rose per arm, side by side, through training; or their confusion tables.
import { useCallback, useMemo, useState } from 'react';
import { Chips } from '../../pictures/chips.tsx';
import { FoldedTables } from '../../pictures/data-table.tsx';
import { Swatch } from '../../pictures/swatch.tsx';
import { TimelineBar } from '../../pictures/timeline-bar.tsx';
import { useCanvas, type CanvasPlace } from '../../pictures/use-canvas.ts';
import { useGlide } from '../../pictures/use-glide.ts';
import { useTimeline } from '../../pictures/use-timeline.ts';
import type { ArmStyle } from '../../pictures/arm-colors.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import {
  confusionText,
  degrees,
  factsOf,
  frameAt,
  readCompass,
  roseText,
  share,
  stepsOf,
  times,
} from './compass-text.ts';
import type { CompassArm, CompassPicture } from './compass.ts';
import { between, drawConfusion, drawRose, inksOf, spokeAt, type Pose } from './rose.ts';
import './view.css';

/** Shown from the start; the others wait behind their buttons. */
const FIRST = ['nd', 'kd', 'cosine', 'norm', 'ce', 'teacher'];
const FIRST_LARGE = ['nd', 'kd'];
const GLIDE_MS = 450;
const PLAY_MS = 700;
type Face = 'compass' | 'confusion';

/** A little less high than wide. */
const roseHeight = (width: number): number => 0.88 * width;
const mixPoses = (from: Pose | undefined, to: Pose | undefined, s: number): Pose | undefined =>
  from && to && between(from, to, s);
const fitPoses = (from: Pose | undefined, to: Pose | undefined): boolean =>
  from !== undefined && from.angles.length === to?.angles.length;

export default function View(props: ViewProps) {
  const compass = readCompass(props.pictures.compass);
  if (!compass || !compass.arms.length) return <p className="rose-empty">The compass appears with the first run.</p>;
  return <Compasses {...props} compass={compass} />;
}

function Compasses({
  compass,
  armStyles,
  hoveredArm,
  hoverArm,
  running,
  theme,
  reducedMotion,
  large,
}: ViewProps & { compass: CompassPicture }) {
  const [shown, setShown] = useState(large ? FIRST_LARGE : FIRST);
  const [face, setFace] = useState<Face>('compass');
  const [pinned, setPinned] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const only = pointed ?? pinned;
  const steps = stepsOf(compass.arms);
  const timeline = useTimeline(steps.length, { running, frameMs: reducedMotion ? 2 * PLAY_MS : PLAY_MS });
  const step = steps[timeline.at] ?? 0;
  const arms = compass.arms.filter((arm) => shown.includes(arm.id));
  const toggle = (id: string) => setShown((ids) => (ids.includes(id) ? ids.filter((i) => i !== id) : [...ids, id]));
  const pin = (c: number) => setPinned((now) => (now === c ? null : c));
  return (
    <div className="roses" data-large={large || undefined}>
      <div className="roses-bar">
        <Chips
          label="Arms to compare"
          hasLabel
          items={compass.arms.map(({ id, label }) => ({ id, label, style: armStyles[id], isOn: shown.includes(id) }))}
          press={toggle}
          point={hoverArm}
        />
        <button
          type="button"
          className="button small"
          aria-pressed={face === 'confusion'}
          onClick={() => setFace(face === 'compass' ? 'confusion' : 'compass')}
        >
          {face === 'compass' ? 'Show confusions' : 'Show compasses'}
        </button>
      </div>
      {face === 'compass' && (
        <TimelineBar
          timeline={timeline}
          label="Moment of training"
          play="Play the training"
          text={(at) => `step ${steps[at] ?? 0}`}
        />
      )}
      <div className="roses-grid">
        {arms.map((arm) => (
          <Rose
            key={arm.id}
            arm={arm}
            compass={compass}
            face={face}
            step={step}
            only={only}
            style={armStyles[arm.id]}
            theme={theme}
            isStill={reducedMotion}
            large={large}
            isFront={hoveredArm === arm.id}
            hoverArm={hoverArm}
            point={setPointed}
            pin={pin}
          />
        ))}
        {arms.length === 0 && <p className="rose-empty">Choose an arm above.</p>}
      </div>
      <Chips
        label="Follow one class"
        hasLabel
        items={compass.order.map((c) => ({ id: c, label: compass.classes[c], isOn: pinned === c }))}
        press={pin}
        point={setPointed}
      />
      <p className="roses-key">
        {face === 'compass' ? (
          <>
            Thin arrows: test images, dotted grey where misclassified. Bold: the mean of a class. Dashed ring: the
            teacher's length. The angle from the spoke is the true angle in 64 dimensions
            {compass.directions === 'random' ? '; these spokes are random directions' : ''}.
          </>
        ) : (
          <>
            Rows: the true class, columns: the predicted one, in the order of the spokes from the top. The brighter, the
            larger the share of the row.
          </>
        )}
      </p>
      <FactsTable compass={compass} step={step} only={only} />
    </div>
  );
}

interface RoseProps {
  arm: CompassArm;
  compass: CompassPicture;
  face: Face;
  step: number;
  only: number | null;
  style: ArmStyle | undefined;
  theme: 'light' | 'dark';
  isStill: boolean;
  large: boolean;
  isFront: boolean;
  hoverArm(id: string | null): void;
  point(c: number | null): void;
  pin(c: number): void;
}
function Rose({
  arm,
  compass,
  face,
  step,
  only,
  style,
  theme,
  isStill,
  large,
  isFront,
  hoverArm,
  point,
  pin,
}: RoseProps) {
  const frame = frameAt(arm, step);
  const pose = useGlide<Pose | undefined>(frame, { mix: mixPoses, fits: fitPoses, isStill, ms: GLIDE_MS });
  const { order, labels, classes } = compass;
  const facts = frame && factsOf(frame, labels, only);
  const name = only === null ? null : classes[only];
  const draw = useCallback(
    (pen: CanvasRenderingContext2D, { width, height: size }: CanvasPlace) => {
      if (!pose) return;
      const margin = (width - size) / 2;
      const inks = inksOf(pen.canvas);
      const common = { pen, size, margin, order, only, inks };
      pen.translate(margin, 0);
      if (face === 'compass')
        drawRose({ ...common, pose, labels, classes, large, color: style?.hex[theme] ?? inks.ink });
      else drawConfusion({ ...common, confusion: arm.confusion });
    },
    [pose, order, labels, classes, only, face, arm.confusion, style, theme, large],
  );
  const { box, canvas, width, height } = useCanvas(roseHeight, draw);
  const classUnder = (e: React.MouseEvent): number | null => {
    const { left, top } = e.currentTarget.getBoundingClientRect();
    const x = e.clientX - left - (width - height) / 2;
    return face === 'compass' ? spokeAt(x, e.clientY - top, height, order) : null;
  };
  return (
    <figure
      className="rose"
      data-front={isFront || undefined}
      onPointerEnter={() => hoverArm(arm.id)}
      onPointerLeave={() => hoverArm(null)}
    >
      <figcaption>
        <b>
          {style && <Swatch style={style} />}
          {arm.label}
        </b>
      </figcaption>
      <div ref={box}>
        <canvas
          ref={canvas}
          style={{ width, height }}
          role="img"
          aria-label={face === 'compass' && facts ? roseText(arm, facts, name) : confusionText(arm, compass)}
          onPointerMove={(e) => point(classUnder(e))}
          onPointerLeave={() => point(null)}
          onClick={(e) => {
            const c = classUnder(e);
            if (c !== null) pin(c);
          }}
        />
      </div>
      {facts && (
        <p className="rose-facts num">
          {face === 'compass' ? (
            <>
              <span>{degrees(facts.angle)} off</span>
              <span>{times(facts.length)} long</span>
              <span>{share(facts.right)} right</span>
            </>
          ) : (
            <span>{confusionText(arm, compass).replace(/^.*?: /, '')}</span>
          )}
        </p>
      )}
    </figure>
  );
}

function FactsTable({ compass, step, only }: { compass: CompassPicture; step: number; only: number | null }) {
  const rows = useMemo(
    () =>
      compass.arms.flatMap((arm) => {
        const frame = frameAt(arm, step);
        return frame ? [{ arm, ...factsOf(frame, compass.labels, only) }] : [];
      }),
    [compass, step, only],
  );
  const count = compass.labels.filter((label) => only === null || label === only).length;
  return (
    <FoldedTables
      summary="The picture as a table"
      tables={[
        {
          caption: `${only === null ? `The ${count} arrows` : `The ${count} arrows of ${compass.classes[only]}`} at step ${step}`,
          head: ['Arm', 'Mean angle from the spoke', 'Mean length, teacher = 1', 'Classified right'],
          rows: rows.map(({ arm, angle, length, right }) => [
            arm.label,
            degrees(angle),
            length.toFixed(2),
            share(right),
          ]),
        },
      ]}
    />
  );
}
