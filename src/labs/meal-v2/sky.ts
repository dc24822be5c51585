// The confusion sky: garments between three classes, as the teachers see them (stars) and as each student does (dots).
import { toBase64 } from '../../util/base64.ts';
import type { TaskSplit } from '../../data/tasks/task.ts';

/** Pullover, coat, shirt: what small networks mix up most. */
export const CORNERS = [2, 4, 6];
export const STARS = 40;
/** Least probability that the teachers give to the three classes together. */
const WITHIN = 0.9;
const MILLE = 1000;

/** What does not move. */
export interface StillSky {
  /** [star, 3] in thousandths. */
  stars: number[];
  /** True corner of each star, 0..2. */
  labels: number[];
  /** Pictures of `side` pixels a side, one byte a pixel, in base64. */
  side: number;
  images: string;
}
export interface SkyFrame {
  arm: string;
  step: number;
  /** [star, 3] in thousandths. */
  dots: number[];
}
export interface Sky extends StillSky {
  /** Dots of each arm, oldest first. */
  arms: { id: string; label: string; frames: { step: number; dots: number[] }[] }[];
}

const CLASSES = 10;

/** Thousandths of the three corners, for all rows or some. @param probabilities [rows, 10] */
export function cornersOf(probabilities: ArrayLike<number>, rows?: ArrayLike<number>): number[] {
  const chosen = rows ?? { length: probabilities.length / CLASSES };
  return Array.from(chosen, (row: number | undefined, i) => row ?? i).flatMap((row) => {
    const shares = CORNERS.map((c) => probabilities[row * CLASSES + c]);
    const sum = shares.reduce((a, b) => a + b, 0) || 1;
    return shares.map((share) => Math.round((MILLE * share) / sum));
  });
}

/** Rows of the sky: garments of the three classes, from the clearest to the most doubtful, by the teachers' largest share. @returns [<= STARS] */
export function skyRows(soft: ArrayLike<number>, labels: ArrayLike<number>): number[] {
  const known = Array.from(labels, (label, row) => {
    const shares = CORNERS.map((c) => soft[row * CLASSES + c]);
    const isThere = CORNERS.includes(label) && shares.reduce((a, b) => a + b, 0) >= WITHIN;
    return { row, top: isThere ? Math.max(...shares) : NaN };
  }).filter(({ top }) => !Number.isNaN(top));
  // as many near the middle as near a corner: evenly spread over the largest share, not over the garments
  const left = [...known].sort((a, b) => a.top - b.top || a.row - b.row);
  return Array.from({ length: Math.min(STARS, known.length) }, (_, k) => {
    const aim = 0.4 + (0.6 * k) / STARS;
    const at = left.findIndex(({ top }) => top >= aim);
    return left.splice(at < 0 ? left.length - 1 : at, 1)[0].row;
  });
}

export function stillSky(rows: readonly number[], soft: ArrayLike<number>, split: TaskSplit): StillSky {
  const area = split.values.length / split.rows;
  const bytes = Uint8Array.from({ length: rows.length * area }, (_, i) =>
    Math.round(255 * split.values[rows[Math.floor(i / area)] * area + (i % area)]),
  );
  return {
    stars: cornersOf(soft, rows),
    labels: rows.map((row) => CORNERS.indexOf(split.labels[row])),
    side: Math.sqrt(area),
    images: toBase64(bytes),
  };
}

/** Parts of all trials, in whatever order, as one picture. */
export function joinSky(
  still: StillSky,
  arms: readonly { id: string; label: string }[],
  parts: readonly SkyFrame[],
): Sky {
  const framesOf = (id: string) =>
    parts
      .filter(({ arm }) => arm === id)
      .sort((a, b) => a.step - b.step)
      .map(({ step, dots }) => ({ step, dots }));
  return {
    ...still,
    arms: arms.map(({ id, label }) => ({ id, label, frames: framesOf(id) })).filter(({ frames }) => frames.length > 0),
  };
}
