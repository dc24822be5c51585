// The compass in words and numbers: what a table shows and a screen reader says.
import type { CompassArm, CompassFrame, CompassPicture } from './compass.ts';

export interface ArmFacts {
  /** Mean degrees between an arrow and its spoke, either side. */
  angle: number;
  /** Mean |s| / |t|. */
  length: number;
  /** Share of arrows whose image is classified right. */
  right: number;
}

/** Over the arrows of one class, or of all. */
export function factsOf(
  { angles, lengths, right }: CompassFrame,
  labels: readonly number[],
  only: number | null = null,
): ArmFacts {
  const rows = labels.flatMap((label, i) => (only === null || label === only ? [i] : []));
  const n = Math.max(1, rows.length);
  const total = (value: (i: number) => number) => rows.reduce((sum, i) => sum + value(i), 0) / n;
  return {
    angle: total((i) => Math.abs(angles[i])),
    length: total((i) => lengths[i] / 100),
    right: total((i) => Number(right[i] === '1')),
  };
}

/** The newest frame that is not later than `step`. */
export const frameAt = ({ frames }: CompassArm, step: number): CompassFrame | undefined =>
  frames.findLast((f) => f.step <= step) ?? frames[0];

/** Steps at which some arm has a frame, in order. */
export const stepsOf = (arms: readonly CompassArm[]): number[] =>
  [...new Set(arms.flatMap((a) => a.frames.map((f) => f.step)))].sort((a, b) => a - b);

export const degrees = (v: number): string => `${Math.round(v)}°`;
export const times = (v: number): string => `${v.toFixed(2)} ×`;
export const share = (v: number): string => `${(100 * v).toFixed(0)} %`;

export function roseText({ label }: CompassArm, facts: ArmFacts, className: string | null): string {
  return `Compass of ${label}${className ? `, ${className} only` : ''}: arrows stand ${degrees(facts.angle)} from their spokes on average, are ${times(facts.length)} the teacher's length, and ${share(facts.right)} of their images are classified right.`;
}
/** The most frequent mistakes of an arm. */
export function confusionText({ label, confusion }: CompassArm, { classes }: CompassPicture): string {
  const n = classes.length;
  const mistakes = confusion
    .map((count, i) => ({ count, from: Math.floor(i / n), to: i % n }))
    .filter((m) => m.from !== m.to && m.count > 0)
    .sort((a, b) => b.count - a.count);
  return `Confusions of ${label}: ${
    mistakes
      .slice(0, 3)
      .map((m) => `${classes[m.from]} taken for ${classes[m.to]} ${m.count} times`)
      .join(', ') || 'none'
  }.`;
}

/** A payload as it comes from a run or a recording; null when it is not one. */
export function readCompass(payload: unknown): CompassPicture | null {
  const p = payload as Partial<CompassPicture> | undefined;
  return p && Array.isArray(p.arms) && Array.isArray(p.labels) && Array.isArray(p.order) && Array.isArray(p.classes)
    ? (p as CompassPicture)
    : null;
}
