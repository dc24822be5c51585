// The sky's payload read back from a run or a recording, and what is said of it in numbers.
import type { Sky } from './sky.ts';

export const CORNER_NAMES: [string, string, string] = ['pullover', 'coat', 'shirt'];
const MILLE = 1000;

/** Null where there is no such picture. */
export function readSky(payload: unknown): Sky | null {
  const sky = payload as Partial<Sky> | undefined;
  const isWhole = sky && Array.isArray(sky.arms) && Array.isArray(sky.stars) && typeof sky.images === 'string';
  return isWhole ? (sky as Sky) : null;
}

/** Every step at which some arm was seen. */
export const stepsOf = ({ arms }: Sky): number[] =>
  [...new Set(arms.flatMap(({ frames }) => frames.map((f) => f.step)))].sort((a, b) => a - b);

/** Dots at a step, or the newest before it; the first where there are none. */
export const frameAt = (frames: Sky['arms'][number]['frames'], step: number): number[] =>
  (frames.findLast((f) => f.step <= step) ?? frames[0]).dots;

/** Mean distance of dots from stars as half the sum of differences, and the mean largest share of the dots: both 0..1. */
export function gapOf(dots: readonly number[], stars: readonly number[]): { gap: number; top: number } {
  const count = stars.length / 3;
  let gap = 0;
  let top = 0;
  for (let i = 0; i < count; i++) {
    const row = [0, 1, 2].map((k) => dots[3 * i + k]);
    gap += row.reduce((sum, v, k) => sum + Math.abs(v - stars[3 * i + k]), 0) / 2;
    top += Math.max(...row);
  }
  return { gap: gap / count / MILLE, top: top / count / MILLE };
}
