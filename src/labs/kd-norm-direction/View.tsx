// The picture: one compass rose per arm, side by side, through training; or their confusion tables.
import { useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
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
import type { CompassArm, CompassFrame, CompassPicture } from './compass.ts';
import { between, drawConfusion, drawRose, inksOf, spokeAt, type Pose } from './rose.ts';
import './view.css';

/** Shown from the start; the others wait behind their buttons. */
const FIRST = ['nd', 'kd', 'cosine', 'norm', 'ce', 'teacher'];
const FIRST_LARGE = ['nd', 'kd'];
const GLIDE_MS = 450;
const PLAY_MS = 700;
type Face = 'compass' | 'confusion';

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
  const clock = useClock(steps, running, reducedMotion);
  const arms = compass.arms.filter((arm) => shown.includes(arm.id));
  const toggle = (id: string) => setShown((ids) => (ids.includes(id) ? ids.filter((i) => i !== id) : [...ids, id]));
  const pin = (c: number) => setPinned((now) => (now === c ? null : c));
  return (
    <div className="roses" data-large={large || undefined}>
      <div className="roses-bar">
        <Chips
          label="Arms to compare"
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
      {face === 'compass' && <Scrubber clock={clock} steps={steps} />}
      <div className="roses-grid">
        {arms.map((arm) => (
          <Rose
            key={arm.id}
            arm={arm}
            compass={compass}
            face={face}
            step={clock.step}
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
        items={compass.order.map((c) => ({ id: String(c), label: compass.classes[c], isOn: pinned === c }))}
        press={(id) => pin(Number(id))}
        point={(id) => setPointed(id === null ? null : Number(id))}
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
      <FactsTable compass={compass} step={clock.step} only={only} />
    </div>
  );
}

interface Clock {
  step: number;
  isPlaying: boolean;
  follow: boolean;
  set(step: number): void;
  toggle(): void;
}
/** The moment of training that is shown: the newest one, or where the visitor put it, or moving while it plays. */
function useClock(steps: readonly number[], running: boolean, isStill: boolean): Clock {
  const [at, setAt] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const last = steps.at(-1) ?? 0;
  const step = at ?? last;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(
      () => {
        const next = steps.find((s) => s > step);
        if (next === undefined || next === last) {
          setAt(null);
          setPlaying(false);
        } else setAt(next);
      },
      isStill ? 2 * PLAY_MS : PLAY_MS,
    );
    return () => clearTimeout(timer);
  }, [isPlaying, step, steps, last, isStill]);
  // a run that starts shows its newest frame
  useEffect(() => {
    if (running) {
      setAt(null);
      setPlaying(false);
    }
  }, [running]);
  return {
    step,
    isPlaying,
    follow: at === null,
    set: (to) => {
      setPlaying(false);
      setAt(to === last ? null : to);
    },
    toggle: () => {
      if (!isPlaying && step === last) setAt(steps[0] ?? 0);
      setPlaying(!isPlaying);
    },
  };
}

function Scrubber({ clock, steps }: { clock: Clock; steps: readonly number[] }) {
  const at = Math.max(0, steps.indexOf(clock.step));
  const fill = { '--fill': `${(100 * at) / Math.max(1, steps.length - 1)}%` } as CSSProperties;
  return (
    <div className="roses-time">
      <button type="button" className="button small" onClick={clock.toggle} disabled={steps.length < 2}>
        {clock.isPlaying ? 'Pause' : 'Play the training'}
      </button>
      <input
        type="range"
        min={0}
        max={Math.max(0, steps.length - 1)}
        step={1}
        value={at}
        style={fill}
        onChange={(e) => clock.set(steps[Number(e.target.value)])}
        aria-label="Moment of training"
        aria-valuetext={`step ${clock.step}`}
      />
      <span className="num">step {clock.step}</span>
    </div>
  );
}

interface Chip {
  id: string;
  label: string;
  isOn: boolean;
  style?: ArmStyle;
}
function Chips({
  label,
  items,
  press,
  point,
}: {
  label: string;
  items: Chip[];
  press(id: string): void;
  point(id: string | null): void;
}) {
  return (
    <div className="roses-chips" role="group" aria-label={label} onPointerLeave={() => point(null)}>
      <span className="roses-chips-label">{label}</span>
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          aria-pressed={item.isOn}
          onClick={() => press(item.id)}
          onPointerEnter={() => point(item.id)}
          onFocus={() => point(item.id)}
          onBlur={() => point(null)}
        >
          {item.style && <Swatch style={item.style} />}
          {item.label}
        </button>
      ))}
    </div>
  );
}
const Swatch = ({ style }: { style: ArmStyle }) => (
  <svg width="18" height="8" viewBox="0 0 18 8" aria-hidden="true">
    <path d="M1 4h16" stroke={style.color} strokeWidth="2.5" strokeDasharray={style.dash} fill="none" />
  </svg>
);

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
  const { canvas, box } = useCanvas();
  const frame = frameAt(arm, step);
  const pose = useGlide(frame, isStill);
  const { order, labels, classes } = compass;
  const facts = frame && factsOf(frame, labels, only);
  const name = only === null ? null : classes[only];
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen || !box || !pose) return;
    const { size, margin, ratio } = box;
    const inks = inksOf(element);
    const common = { pen, size, margin, order, only, inks };
    pen.setTransform(ratio, 0, 0, ratio, ratio * margin, 0);
    if (face === 'compass') drawRose({ ...common, pose, labels, classes, large, color: style?.hex[theme] ?? inks.ink });
    else drawConfusion({ ...common, confusion: arm.confusion });
  }, [canvas, box, pose, order, labels, classes, only, face, arm.confusion, style, theme, large]);
  const classUnder = (e: React.PointerEvent<HTMLCanvasElement>): number | null => {
    const { left, top } = e.currentTarget.getBoundingClientRect();
    return box && face === 'compass' ? spokeAt(e.clientX - left - box.margin, e.clientY - top, box.size, order) : null;
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
      <canvas
        ref={canvas}
        width={box ? box.ratio * (box.size + 2 * box.margin) : 300}
        height={box ? box.ratio * box.size : 240}
        role="img"
        aria-label={face === 'compass' && facts ? roseText(arm, facts, name) : confusionText(arm, compass)}
        onPointerMove={(e) => point(classUnder(e))}
        onPointerLeave={() => point(null)}
        onClick={(e) => {
          const c = classUnder(e as never);
          if (c !== null) pin(c);
        }}
      />
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

interface Box {
  size: number;
  margin: number;
  ratio: number;
}
/** A canvas as wide as its place, a little less high, sharp on dense screens. */
function useCanvas() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.max(120, Math.round(entry.contentRect.width));
      const size = Math.round(width * 0.88);
      setBox({ size, margin: (width - size) / 2, ratio: Math.min(3, devicePixelRatio || 1) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { canvas, box };
}

/** The pose on its way from the frame before to this one. */
function useGlide(frame: CompassFrame | undefined, isStill: boolean): Pose | undefined {
  const [pose, setPose] = useState<Pose | undefined>(frame);
  const now = useRef<Pose | undefined>(frame);
  useEffect(() => {
    const from = now.current;
    const place = (p: Pose | undefined) => {
      now.current = p;
      setPose(p);
    };
    if (!frame || !from || isStill || from.angles.length !== frame.angles.length || document.hidden) {
      place(frame);
      return;
    }
    const start = performance.now();
    let handle = requestAnimationFrame(function turn(t) {
      const x = Math.min(1, (t - start) / GLIDE_MS);
      place(x < 1 ? between(from, frame, x * x * (3 - 2 * x)) : frame);
      if (x < 1) handle = requestAnimationFrame(turn);
    });
    return () => cancelAnimationFrame(handle);
  }, [frame, isStill]);
  return pose;
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
    <details className="roses-table">
      <summary>The picture as a table</summary>
      <div className="scroll-x">
        <table>
          <caption>
            {only === null ? `The ${count} arrows` : `The ${count} arrows of ${compass.classes[only]}`} at step {step}
          </caption>
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col">Mean angle from the spoke</th>
              <th scope="col">Mean length, teacher = 1</th>
              <th scope="col">Classified right</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ arm, angle, length, right }) => (
              <tr key={arm.id}>
                <th scope="row">{arm.label}</th>
                <td>{degrees(angle)}</td>
                <td>{length.toFixed(2)}</td>
                <td>{share(right)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
