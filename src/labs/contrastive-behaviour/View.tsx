// The lab's picture: pictures on a globe, a temperature dial, and the push of one picture on all others.
import { useEffect, useId, useMemo, useState } from 'react';
import { useWidth } from '../../pictures/use-width.ts';
import type { NumberControl } from '../_kit/contract/meta.ts';
import type { Theme } from '../../pictures/arm-colors.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import { ClassThumb } from './class-thumb.tsx';
import {
  measureGlobe,
  nearestTraining,
  nextPicture,
  pushOf,
  readGlobe,
  type Globe,
  type GlobeMeasures,
  type Push,
} from './globe.ts';
import { GlobeCanvas } from './globe-canvas.tsx';
import { GlobeDial } from './globe-dial.tsx';
import { dialGeometry } from './dial-geometry.ts';
import { PushPanel } from './push-panel.tsx';
import './globe.css';

/** A shirt looks like four other classes: its push tells most. */
const FIRST_CLASS = 6;
const firstAnchor = ({ labels }: Globe): number => Math.max(0, Array.prototype.indexOf.call(labels, FIRST_CLASS));

export default function View(props: ViewProps) {
  const payload = props.pictures.globe;
  const globe = useMemo(() => readGlobe(payload), [payload]);
  return (
    <div className="globe-view" data-large={props.large || undefined}>
      {globe ? (
        <Lab {...props} globe={globe} live={props.live && payload !== props.recorded?.pictures?.globe} />
      ) : (
        <p className="globe-empty small quiet">
          There is no globe to show yet. Press Run: it is trained beside the arms, and appears with the first
          evaluation.
        </p>
      )}
    </div>
  );
}

function Lab({
  globe,
  meta,
  knobs,
  setKnob,
  live,
  running,
  theme,
  large,
  reducedMotion,
  armStyles,
  hoveredArm,
  hoverArm,
}: ViewProps & { globe: Globe }) {
  const tau = Number(knobs.tau);
  const training = nearestTraining(globe.taus, tau);
  const z = globe.positions[training];
  const [chosen, setChosen] = useState<number | null>(() => firstAnchor(globe));
  const anchor = chosen !== null && chosen < globe.points ? chosen : null;
  const [hovered, setHovered] = useState<number | null>(null);
  const [turning, setTurning] = useState(true);
  const [pinned, setPinned] = useState<number | null>(null);
  const [glanced, setGlanced] = useState<number | null>(null);
  const only = glanced ?? pinned;
  const [stage, width] = useWidth<HTMLDivElement>();
  const size = Math.max(200, width);
  const keysId = useId();
  const push = useMemo(
    () => (anchor === null ? null : pushOf(z, globe.labels, anchor, tau)),
    [z, globe.labels, anchor, tau],
  );
  const measures = useMemo(() => measureGlobe(globe, z), [globe, z]);
  const trained = globe.taus[training];

  const step = (by: 1 | -1) => setChosen(nextPicture(globe, anchor, by, pinned));
  return (
    <div className="globe-columns">
      <div className="globe-main">
        <div className="globe-stage" ref={stage} style={{ height: dialGeometry(size).height }}>
          <p className="globe-status tiny quiet num">
            {live ? (running ? 'live' : 'your run') : 'recorded'} · step {globe.step}
          </p>
          {!reducedMotion && <MotionButton turning={turning} toggle={() => setTurning(!turning)} />}
          <GlobeCanvas
            size={size}
            keysId={keysId}
            summary={summaryOf(globe, trained, tau, measures, anchor, push)}
            choose={setChosen}
            hover={setHovered}
            state={{ globe, training, anchor, push, only, hovered, theme, large, reducedMotion, turning }}
          />
          <GlobeDial
            range={meta.controls.tau as NumberControl}
            tau={tau}
            taus={globe.taus}
            training={training}
            size={size}
            armStyles={armStyles}
            hoveredArm={hoveredArm}
            hoverArm={hoverArm}
            setTau={(value, settled) => setKnob('tau', value, settled)}
          />
        </div>
        <p className="globe-reading num">
          <strong>τ = {tau}</strong> <span>globe trained at τ = {trained}</span>
        </p>
        <p id={keysId} className="hidden-text">
          Arrow keys turn the globe. Enter chooses the picture in the middle, Escape lets it go.
        </p>
        <Legend globe={globe} theme={theme} pinned={pinned} pin={setPinned} glance={setGlanced} />
      </div>
      <div className="globe-side">
        <PushPanel
          globe={globe}
          anchor={anchor}
          push={push}
          theme={theme}
          large={large}
          hovered={hovered}
          hover={setHovered}
          choose={setChosen}
          step={step}
        />
        <Note tau={tau} trained={trained} measures={measures} />
      </div>
    </div>
  );
}

function MotionButton({ turning, toggle }: { turning: boolean; toggle(): void }) {
  const name = turning ? 'Hold the globe still' : 'Let the globe sway';
  return (
    <button type="button" className="button plain small globe-turn" aria-label={name} title={name} onClick={toggle}>
      <svg width="14" height="14" viewBox="0 0 14 14" fill="currentColor" aria-hidden="true">
        <path d={turning ? 'M3.5 2.5h2.4v9H3.5zM8.1 2.5h2.4v9H8.1z' : 'M4 2.2 11.4 7 4 11.8z'} />
      </svg>
    </button>
  );
}

interface LegendProps {
  globe: Globe;
  theme: Theme;
  pinned: number | null;
  pin(c: number | null): void;
  glance(c: number | null): void;
}

function Legend({ globe, theme, pinned, pin, glance }: LegendProps) {
  useEffect(() => () => glance(null), [glance]);
  return (
    <div className="globe-legend" role="group" aria-label="Classes: show one only">
      {globe.classes.map(({ name, ...colour }, c) => {
        const example = Array.prototype.indexOf.call(globe.labels, c);
        return (
          <button
            key={name}
            type="button"
            aria-pressed={pinned === c}
            style={{ '--tint': colour[theme] } as React.CSSProperties}
            onClick={() => pin(pinned === c ? null : c)}
            onPointerEnter={(event) => event.pointerType === 'mouse' && glance(c)}
            onPointerLeave={() => glance(null)}
            onFocus={(event) => event.currentTarget.matches(':focus-visible') && glance(c)}
            onBlur={() => glance(null)}
          >
            {example >= 0 && <ClassThumb globe={globe} i={example} theme={theme} side={18} />}
            <span>{name}</span>
          </button>
        );
      })}
    </div>
  );
}

function Note({ tau, trained, measures }: { tau: number; trained: number; measures: GlobeMeasures }) {
  const look =
    tau < 0.09
      ? 'Cold: the push falls on the nearest look-alikes, whatever they show. Are neighbours of one colour?'
      : tau < 0.5
        ? 'In between: some dozens of look-alikes share the push. Which classes hold together, which are torn apart?'
        : 'Warm: everyone is pushed almost alike, so little keeps look-alikes apart. Which classes run into one another?';
  return (
    <div className="globe-note small">
      <p>{look}</p>
      <p className="tiny quiet num">
        This globe, trained at τ = {trained}: spread (−uniformity) {measures.spread.toFixed(2)}, mean cosine within a
        class {signed(measures.within)}, of all pairs {signed(measures.all)}. Its sphere has 3 dimensions; the curves
        come from other trainings.
      </p>
    </div>
  );
}
const signed = (value: number): string => (Math.abs(value) < 0.005 ? '0.00' : value.toFixed(2).replace('-', '−'));

function summaryOf(
  globe: Globe,
  trained: number,
  tau: number,
  { within, all }: GlobeMeasures,
  anchor: number | null,
  push: Push | null,
): string {
  const cloud = `Globe of ${globe.points} ${globe.things}, trained at τ = ${trained}, step ${globe.step}: mean cosine ${within.toFixed(2)} within a class, ${all.toFixed(2)} over all pairs.`;
  if (anchor === null || !push) return `${cloud} No picture is chosen.`;
  const hardest = push.order
    .slice(0, 3)
    .map((j) => globe.classes[globe.labels[j]].name)
    .join(', ');
  return `${cloud} ${globe.classes[globe.labels[anchor]].name}, picture ${anchor + 1}, is chosen: at τ = ${tau} half of its push falls on ${push.half} of ${globe.points - 1} pictures; hardest pushed: ${hardest}.`;
}
