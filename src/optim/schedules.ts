// Learning-rate schedules: functions of the step t = 1..total.
export type Schedule = (t: number) => number;

export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate;
/**
 * Linear warm-up, then a half cosine from `rate` towards `rate * floor` (Loshchilov & Hutter 2017, eq. 5 without restarts). The first
 * step after the warm-up has the full rate and the last one lies a step before the floor, so that no step is spent at rate 0.
 */
export const cosine =
  (rate: number, total: number, { warmup = 0, floor = 0 } = {}): Schedule =>
  (t) => {
    if (t <= warmup) return (rate * t) / warmup;
    const progress = Math.min(1, (t - 1 - warmup) / Math.max(1, total - warmup));
    return rate * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
  };
/** Multiplies by `factor` after each milestone. */
export const stepDecay =
  (rate: number, milestones: readonly number[], factor = 0.1): Schedule =>
  (t) =>
    rate * factor ** milestones.filter((m) => t > m).length;
