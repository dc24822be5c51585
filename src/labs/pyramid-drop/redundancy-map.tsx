// The paper's first figure as a map, layer by share kept, with the chosen schedule as a staircase over it; and how counts go wrong.
import { Matrix } from '../../pictures/matrix.tsx';
import type { MatrixFrame } from '../../pictures/matrix-frame.ts';
import type { GridPicture } from '../../pictures/payloads.ts';
import { tokensPerLayer, type Schedule } from '../../own-model/schedule.ts';

const isGrid = (p: unknown): p is GridPicture & { model?: string; questions?: number } =>
  typeof p === 'object' && p !== null && 'values' in p && 'rows' in p;
const CELL = { width: 50, height: 28 };

/** Place of a share on the axis of columns: linear between the columns' middles, everything at the left edge. */
export function placeOf(share: number, shares: readonly number[]): number {
  if (share >= 1) return 0;
  const i = shares.findIndex((s) => s <= share);
  if (i === 0) return 0.5 * ((1 - share) / (1 - shares[0]));
  return i < 0 ? shares.length : i - 0.5 + (shares[i - 1] - share) / (shares[i - 1] - shares[i]);
}

export function RedundancyMap({ payload, schedule }: { payload: unknown; schedule: Schedule }) {
  if (!isGrid(payload)) return <p className="small quiet">The map fills when a run begins: press Run.</p>;
  const { rows, cols, values, colLabels = [], model, questions } = payload;
  const shares = colLabels.map((label) => parseFloat(label) / 100);
  const known = Array.from(values).filter((v): v is number => v !== null);
  const low = Math.min(...known, 1);
  const layers = Array.from({ length: rows }, (_, l) => String(l));
  const grid: GridPicture = {
    ...payload,
    min: low,
    max: 1,
    rowLabels: layers,
    xLabel: 'image tokens that stay',
    yLabel: 'layers before the cut',
  };
  const stairs = ({ x, y, cellHeight }: MatrixFrame) =>
    tokensPerLayer(schedule)
      .map((n, l) => {
        const at = x(placeOf(n / schedule.image, shares));
        return `${l ? 'L' : 'M'}${at} ${y(l) + cellHeight}L${at} ${y(l)}`;
      })
      .join('');
  return (
    <figure className="pd-map">
      <figcaption>
        <b>How deep must the image go?</b> Accuracy when one cut leaves this share after so many layers
        {model ? ` (${model === 'pdrop' ? 'trained with PyramidDrop' : 'vanilla'}, ${questions} questions a cell)` : ''}
        . The staircase is your schedule.
      </figcaption>
      <Matrix
        grid={grid}
        title={`Heat map of ${known.length} cells, accuracy ${known.length ? `${(100 * low).toFixed(0)} to ${(100 * Math.max(...known)).toFixed(0)} per cent` : 'not measured yet'}`}
        isUpward
        cellHeight={CELL.height}
        cellWidth={CELL.width}
        hasKey={false}
        write={(v) => (100 * v).toFixed(0)}
        read={(cell, v) =>
          `cut after ${Math.floor(cell / cols)} layers to ${colLabels[cell % cols]}: ${v === null ? 'not measured yet' : `${(100 * v).toFixed(1)} %`}`
        }
        over={(frame) => (
          <>
            <path d={stairs(frame)} className="pd-stairs-under" />
            <path d={stairs(frame)} className="pd-stairs" />
          </>
        )}
      />
    </figure>
  );
}

/** Arms whose histograms are drawn. */
const SHOWN = ['all tokens', 'PyramidDrop', 'random pyramid', 'one early cut (K = 2)', 'trained with PyramidDrop'];
export function CountErrors({ payload }: { payload: unknown }) {
  if (!isGrid(payload)) return null;
  const { cols, rowLabels = [], colLabels = [], values } = payload;
  const middle = (cols - 1) / 2;
  return (
    <figure className="pd-errors">
      <figcaption>
        <b>How counts go wrong.</b> Answer minus true number; right of the middle, the model saw too many.
      </figcaption>
      <div className="pd-errors-grid">
        {rowLabels
          .map((label, r) => ({ label, r }))
          .filter(({ label }) => SHOWN.includes(label))
          .map(({ label, r }) => {
            const shares = Array.from({ length: cols }, (_, c) => values[r * cols + c] ?? 0);
            const over = shares.slice(middle + 1).reduce((a, b) => a + b, 0);
            const under = shares.slice(0, middle).reduce((a, b) => a + b, 0);
            return (
              <div key={label}>
                <svg
                  viewBox={`0 0 ${cols * 14} 58`}
                  role="img"
                  aria-label={`${label}: ${(100 * shares[middle]).toFixed(0)} per cent right, ${(100 * over).toFixed(0)} too many, ${(100 * under).toFixed(0)} too few`}
                >
                  {shares.map((share, c) => (
                    <rect
                      key={c}
                      x={c * 14 + 1}
                      y={46 - 44 * share}
                      width={12}
                      height={44 * share}
                      data-side={Math.sign(c - middle)}
                    />
                  ))}
                  <path d={`M0 46.5H${cols * 14}`} />
                  {[0, middle, cols - 1].map((c) => (
                    <text key={c} x={c * 14 + 7} y={56} textAnchor="middle">
                      {colLabels[c]}
                    </text>
                  ))}
                </svg>
                <p>
                  <b>{label}</b>
                  <span className="num">
                    {(100 * over).toFixed(0)} % too many, {(100 * under).toFixed(0)} % too few
                  </span>
                </p>
              </div>
            );
          })}
      </div>
    </figure>
  );
}
