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

/** Follows S models over E measurements and keeps each one's weights of the best smoothed loss. All state is in `arrays`, so that it can be saved. */
export class EarlyStop {
  readonly arrays: {
    history: Float32Array;
    previous: Float32Array;
    best: Float32Array;
    at: Float32Array;
    score: Float32Array;
  };
  private readonly S: number;
  private readonly E: number;
  constructor(S: number, E: number, P: number) {
    this.S = S;
    this.E = E;
    this.arrays = {
      history: new Float32Array(S * E),
      previous: new Float32Array(S * P),
      best: new Float32Array(S * P),
      at: new Float32Array(S),
      score: new Float32Array(S),
    };
    this.reset();
  }
  /** Forgets everything: a new round begins. */
  reset(): void {
    this.arrays.history.fill(NaN);
    this.arrays.at.fill(-1);
    this.arrays.score.fill(Infinity);
  }
  /** Validation losses of model s so far, [E], NaN where unmeasured. */
  history(s: number): Float32Array {
    return this.arrays.history.subarray(s * this.E, (s + 1) * this.E);
  }
  /** Measurement of the lowest smoothed loss, from 0; -1 before there is one. */
  at(s: number): number {
    return this.arrays.at[s];
  }
  /** Some loss could be judged. False for a network that diverged before its first measurement: `best` holds nothing of it. */
  isFound(s: number): boolean {
    return this.at(s) >= 0;
  }
  /** Lowest smoothed loss. */
  score(s: number): number {
    return this.arrays.score[s];
  }
  /** Weights of all models, each at its best measurement, [S, P]. */
  get best(): Float32Array {
    return this.arrays.best;
  }

  /** Takes in measurement j = 0, 1, ...: losses [S] (NaN: not yet), weights [S, P]. Judges measurement j - 1, whose neighbours are now known. */
  observe(j: number, loss: ArrayLike<number>, weights: Float32Array): void {
    for (let s = 0; s < this.S; s++) this.history(s)[j] = loss[s];
    if (j > 0) this.judge(j - 1, this.arrays.previous);
    this.arrays.previous.set(weights);
  }
  /** Judges the last measurement j. */
  finish(j: number): void {
    this.judge(j, this.arrays.previous);
  }

  private judge(j: number, weights: Float32Array): void {
    const { at, score, best } = this.arrays;
    const P = best.length / this.S;
    for (let s = 0; s < this.S; s++) {
      const now = Math.fround(smoothedAt(this.history(s), j));
      if (!(now < score[s])) continue;
      score[s] = now;
      at[s] = j;
      best.set(weights.subarray(s * P, (s + 1) * P), s * P);
    }
  }
}
