// How many workers may share a run where nobody names a number.

/** One for each core; where there are many, one core stays with the page. */
export function defaultWorkers(cores: number = globalThis.navigator?.hardwareConcurrency ?? 1): number {
  return Math.max(1, Math.min(16, cores > 4 ? cores - 1 : cores));
}
