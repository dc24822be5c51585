// The early-stopping iteration: where the validation loss, smoothed over three measurements, is lowest; and the weights there.

/** Mean of value j and its measured neighbours; NaN where j itself was not measured. */
export function smoothedAt(loss: ArrayLike<number>, j: number): number {
  if (Number.isNaN(loss[j])) return NaN;
  const near = [loss[j - 1], loss[j], loss[j + 1]].filter((v) => v !== undefined && !Number.isNaN(v));
  return near.reduce((a, b) => a + b, 0) / near.length;
}

/** First measurement whose smoothed loss is at most `level`; -1 when none is. */
export function firstBelow(loss: ArrayLike<number>, level: number): number {
  for (let j = 0; j < loss.length; j++) if (Math.fround(smoothedAt(loss, j)) <= level) return j;
  return -1;
}

/** The lowest smoothed loss of the first `count` measurements and the first measurement `at` which it is; -1 where none can be judged. */
export function lowest(loss: ArrayLike<number>, count = loss.length): { at: number; score: number } {
  let best = { at: -1, score: Infinity };
  for (let j = 0; j < count; j++) {
    const score = Math.fround(smoothedAt(loss, j));
    if (score < best.score) best = { at: j, score };
  }
  return best;
}

/** Follows S models over E measurements and keeps each one's weights of the lowest smoothed loss. All state is in `arrays`, to be saved. */
export class EarlyStop {
  readonly arrays: { history: Float32Array; previous: Float32Array; best: Float32Array };
  private readonly S: number;

  constructor(S: number, E: number, P: number) {
    this.S = S;
    this.arrays = {
      history: new Float32Array(S * E).fill(NaN),
      previous: new Float32Array(S * P),
      best: new Float32Array(S * P),
    };
  }
  /** A new round begins. */
  reset(): void {
    this.arrays.history.fill(NaN);
  }
  /** Validation losses of model s so far, [E], NaN where unmeasured. */
  history(s: number): Float32Array {
    return rowOf(this.arrays.history, s, this.S);
  }

  /** Takes in measurement j = 0, 1, ...: losses [S] (NaN: not yet), weights [S, P]. Judges measurement j - 1, whose neighbours are now known. */
  observe(j: number, loss: ArrayLike<number>, weights: Float32Array): void {
    for (let s = 0; s < this.S; s++) this.history(s)[j] = loss[s];
    this.judge(j - 1);
    this.arrays.previous.set(weights);
  }
  /** Judges the last measurement. @returns weights of all models, each at its lowest smoothed loss, [S, P] */
  finish(): Float32Array {
    this.judge(this.history(0).length - 1);
    return this.arrays.best;
  }

  private judge(j: number): void {
    const { best, previous } = this.arrays;
    for (let s = 0; s < this.S; s++)
      if (j >= 0 && lowest(this.history(s), j + 1).at === j) rowOf(best, s, this.S).set(rowOf(previous, s, this.S));
  }
}

/** Row s of a matrix of `count` rows. */
export function rowOf(all: Float32Array, s: number, count: number): Float32Array {
  const width = all.length / count;
  return all.subarray(s * width, (s + 1) * width);
}
