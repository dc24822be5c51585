// Steps at even distances on a logarithmic axis.

/** From 1: all whole steps at first, then `perDecade` in each power of ten, and `last`. */
export function logSteps(last: number, perDecade: number): number[] {
  const steps: number[] = [];
  for (let k = 0; ; k++) {
    const step = Math.round(10 ** (k / perDecade));
    if (step >= last) return [...steps, last];
    if (step !== steps.at(-1)) steps.push(step);
  }
}
