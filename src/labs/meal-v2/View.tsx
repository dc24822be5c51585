// The picture: the confusion sky of several arms side by side, through training, and the garment under the pointer.
import { useCallback, useMemo, useState } from 'react';
import { fromBase64 } from '../../util/base64.ts';
import { Chips } from '../../pictures/chips.tsx';
import { FoldedTables } from '../../pictures/data-table.tsx';
import type { SimplexPicture } from '../../pictures/payloads.ts';
import { Simplex } from '../../pictures/simplex.tsx';
import { SmallMultiples } from '../../pictures/small-multiples.tsx';
import { TimelineBar } from '../../pictures/timeline-bar.tsx';
import { useCanvas } from '../../pictures/use-canvas.ts';
import { lerp, useGlide } from '../../pictures/use-glide.ts';
import { useTimeline } from '../../pictures/use-timeline.ts';
import type { ViewProps } from '../_kit/contract/view.ts';
import { CORNER_NAMES, frameAt, gapOf, readSky, stepsOf } from './sky-text.ts';
import type { Sky } from './sky.ts';
import './view.css';

/** Shown from the start. */
const FIRST = ['soft', 'hard', 'scratch', 'half'];
const FIRST_LARGE = ['soft', 'hard'];
const PLAY_MS = 600;
const GLIDE_MS = 450;
const IMAGE_SIDE = 112;
const triangleHeight = (width: number): number => 0.86 * width + 36;

export default function View(props: ViewProps) {
  const sky = readSky(props.pictures.sky);
  if (!sky?.arms.length) return <p className="quiet">The sky appears with the first run.</p>;
  return <Skies {...props} sky={sky} />;
}

function Skies({ sky, armStyles, hoveredArm, hoverArm, running, reducedMotion, large }: ViewProps & { sky: Sky }) {
  const [shown, setShown] = useState(large ? FIRST_LARGE : FIRST);
  const [chosen, setChosen] = useState<number | null>(null);
  const steps = stepsOf(sky);
  const timeline = useTimeline(steps.length, { running, frameMs: reducedMotion ? 2 * PLAY_MS : PLAY_MS });
  const step = steps[timeline.at] ?? 0;
  const panels = shown.flatMap((id) => sky.arms.find((arm) => arm.id === id) ?? []);
  const toggle = (id: string) => setShown((ids) => (ids.includes(id) ? ids.filter((i) => i !== id) : [...ids, id]));
  return (
    <div className="sky">
      <Chips
        label="Arms to compare"
        hasLabel
        items={sky.arms.map(({ id, label }) => ({ id, label, style: armStyles[id], isOn: shown.includes(id) }))}
        press={toggle}
        point={hoverArm}
      />
      <TimelineBar
        timeline={timeline}
        label="Moment of training"
        play="Play the training"
        text={(at) => `step ${steps[at] ?? 0}`}
      />
      <SmallMultiples
        panels={panels.map((arm) => ({ ...arm, style: armStyles[arm.id] }))}
        least={large ? 420 : 270}
        front={hoveredArm}
        point={hoverArm}
      >
        {({ label, frames }) => (
          <SkyPanel
            sky={sky}
            label={label}
            dots={frameAt(frames, step)}
            isStill={reducedMotion}
            chosen={chosen}
            choose={setChosen}
          />
        )}
      </SmallMultiples>
      {panels.length === 0 && <p className="quiet">Choose an arm above.</p>}
      <Garment sky={sky} chosen={chosen} />
      <SkyTable sky={sky} step={step} />
    </div>
  );
}

interface PanelProps {
  sky: Sky;
  label: string;
  dots: number[];
  isStill: boolean;
  chosen: number | null;
  choose(i: number | null): void;
}

function SkyPanel({ sky, label, dots, isStill, chosen, choose }: PanelProps) {
  const shares = useGlide(dots, {
    mix: (from, to, s) => from.map((v, i) => lerp(v, to[i], s)),
    fits: (from, to) => from.length === to.length,
    isStill,
    ms: GLIDE_MS,
  });
  const picture: SimplexPicture = useMemo(
    () => ({ shares, goals: sky.stars, corners: CORNER_NAMES, group: sky.labels }),
    [shares, sky],
  );
  return <Simplex picture={picture} title={label} height={triangleHeight} chosen={chosen} choose={choose} />;
}

/** The garment that was pressed. */
function Garment({ sky, chosen }: { sky: Sky; chosen: number | null }) {
  const pixels = useMemo(() => fromBase64(sky.images), [sky.images]);
  const { side, labels } = sky;
  const draw = useCallback(
    (pen: CanvasRenderingContext2D) => {
      if (chosen === null) return;
      const scale = IMAGE_SIDE / side;
      for (let i = 0; i < side * side; i++) {
        const ink = pixels[chosen * side * side + i];
        pen.fillStyle = `rgb(${ink} ${ink} ${ink})`;
        pen.fillRect((i % side) * scale, Math.floor(i / side) * scale, scale + 0.5, scale + 0.5);
      }
    },
    [chosen, pixels, side],
  );
  const { box, canvas } = useCanvas(IMAGE_SIDE, draw);
  const name = chosen === null ? null : CORNER_NAMES[labels[chosen]];
  return (
    <div className="sky-garment">
      <div ref={box} className="sky-garment-box">
        <canvas
          ref={canvas}
          style={{ width: IMAGE_SIDE, height: IMAGE_SIDE }}
          role="img"
          aria-label={name === null ? 'No garment chosen' : `The chosen garment, labelled ${name}`}
        />
      </div>
      <p className="tiny quiet">
        {name === null
          ? 'Press a dot to see its garment and follow it through all triangles.'
          : `Labelled ${name}. The ring marks it in every triangle.`}{' '}
        Colours are labels: <b className="sky-0">pullover</b>, <b className="sky-1">coat</b>,{' '}
        <b className="sky-2">shirt</b>.
      </p>
    </div>
  );
}

function SkyTable({ sky, step }: { sky: Sky; step: number }) {
  return (
    <FoldedTables
      summary="The picture as a table"
      tables={[
        {
          caption: `The ${sky.labels.length} garments at step ${step}`,
          head: ['Arm', 'Mean way from dot to star', 'Mean largest share'],
          rows: sky.arms.map(({ label, frames }) => {
            const { gap, top } = gapOf(frameAt(frames, step), sky.stars);
            return [label, gap.toFixed(3), top.toFixed(3)];
          }),
        },
      ]}
    />
  );
}
