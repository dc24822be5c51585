// What can be done to the picture: another scene, a seed, a file of one's own, objects put in and taken away.
import { NumberBox } from '../../pictures/number-box.tsx';
import { useRef } from 'react';
import { COLOURS, SHAPES } from '../../data/scenes/vocabulary.ts';
import { added, emptied, sceneSubject, type Subject } from './subject.ts';

export interface Brush {
  colour: number;
  shape: number;
}
interface ToolsProps {
  subject: Subject;
  seed: number;
  /** Shows the scene of a seed with its question. */
  draw(seed: number): void;
  show(subject: Subject): void;
  open(file: File): void;
  brush: Brush;
  setBrush(brush: Brush): void;
}
const EDITED = 'your scene';
const LAST_SEED = 999_999;

export function Tools({ subject, seed, draw, show, open, brush, setBrush }: ToolsProps) {
  const file = useRef<HTMLInputElement>(null);
  const { scene } = subject;
  return (
    <div className="pd-tools">
      <div>
        <button type="button" className="button small" onClick={() => draw(seed + 1)}>
          New scene
        </button>
        <label>
          seed{' '}
          <NumberBox
            value={seed}
            range={`1 to ${LAST_SEED}`}
            fit={(n) => Math.min(LAST_SEED, Math.max(1, Math.round(n)))}
            set={draw}
          />
        </label>
        <button type="button" className="button small" onClick={() => file.current!.click()}>
          Your picture…
        </button>
        <input
          ref={file}
          type="file"
          accept="image/*"
          hidden
          aria-hidden="true"
          tabIndex={-1}
          onChange={(e) => {
            const [chosen] = e.target.files ?? [];
            if (chosen) open(chosen);
            e.target.value = '';
          }}
        />
      </div>
      {scene && (
        <div>
          <select
            aria-label="Colour of the next object"
            value={brush.colour}
            onChange={(e) => setBrush({ ...brush, colour: Number(e.target.value) })}
          >
            {COLOURS.map((c, i) => (
              <option key={c} value={i}>
                {c}
              </option>
            ))}
          </select>
          <select
            aria-label="Shape of the next object"
            value={brush.shape}
            onChange={(e) => setBrush({ ...brush, shape: Number(e.target.value) })}
          >
            {SHAPES.map((s, i) => (
              <option key={s} value={i}>
                {s}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="button small"
            onClick={() => show(sceneSubject(added(scene, brush.colour, brush.shape), EDITED))}
          >
            Add
          </button>
          <button
            type="button"
            className="button small plain"
            disabled={!scene.objects.length}
            onClick={() => show(sceneSubject(emptied(scene), EDITED))}
          >
            Empty
          </button>
        </div>
      )}
      <p className="tiny quiet">
        {scene
          ? 'Press a free place to put the object there, an object to take it away; or drop a picture here.'
          : 'Cut to its middle square and scaled to 48 × 48 pixels. The model knows coloured shapes only.'}
      </p>
    </div>
  );
}
