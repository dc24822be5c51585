// Collects what the picture shows while the rounds go by. All state is in `arrays`, so that it can be saved.
import type { Prng } from '../../util/prng.ts';
import { packBytes, packShares, type CurvesPicture, type TicketPicture } from './picture.ts';
import type { Layer } from './prune.ts';

/** Weights shown on the wall, at most, by layer from the first to the last. */
const WALL = [800, 400, 200];

interface AlbumOptions {
  layers: readonly Layer[];
  rounds: number;
  measurements: number;
  arms: readonly string[];
  freshStarts: boolean;
  every: number;
  random: Prng;
}

export class Album {
  readonly arrays: {
    deaths: Float32Array;
    start: Float32Array;
    trained: Float32Array;
    curves: Float32Array;
    remaining: Float32Array;
  };
  private readonly options: AlbumOptions;
  /** Places of the wall's weights in the flat vector, and among all weights. */
  private readonly wall: { flat: number; index: number }[];
  constructor(options: AlbumOptions) {
    const { layers, rounds, measurements, arms, freshStarts, random } = options;
    const weights = layers.reduce((n, l) => n + l.to - l.from, 0);
    this.options = options;
    let before = 0;
    this.wall = layers.flatMap((layer, l) => {
      const n = layer.to - layer.from;
      const chosen = random
        .fork(layer.name)
        .sample(n, Math.min(n, WALL[l] ?? 0))
        .sort();
      const first = before;
      before += n;
      return Array.from(chosen, (i) => ({ flat: layer.from + i, index: first + i }));
    });
    this.arrays = {
      deaths: new Float32Array(weights),
      start: new Float32Array((freshStarts ? rounds : 1) * this.wall.length),
      trained: new Float32Array(rounds * this.wall.length),
      curves: new Float32Array(rounds * arms.length * measurements).fill(NaN),
      remaining: new Float32Array(rounds),
    };
  }

  /** A round begins under `mask` [P]. */
  open(round: number, mask: Float32Array, remaining: number): void {
    let i = 0;
    for (const { from, to } of this.options.layers)
      for (let k = from; k < to; k++, i++)
        if (mask[k] === 0 && this.arrays.deaths[i] === 0) this.arrays.deaths[i] = round;
    this.arrays.remaining[round] = remaining;
  }
  /** Validation losses of measurement j: per seed, per arm. */
  curve(round: number, losses: readonly (readonly number[])[], j: number): void {
    const { arms, measurements } = this.options;
    arms.forEach((_, a) => {
      this.arrays.curves[(round * arms.length + a) * measurements + j] =
        losses.reduce((sum, seed) => sum + seed[a], 0) / losses.length;
    });
  }
  /** First and trained weights [P] of the round. */
  close(round: number, start: Float32Array, trained: Float32Array): void {
    const n = this.wall.length;
    const { freshStarts } = this.options;
    this.wall.forEach(({ flat }, i) => {
      if (freshStarts || round === 0) this.arrays.start[(freshStarts ? round * n : 0) + i] = start[flat];
      this.arrays.trained[round * n + i] = trained[flat];
    });
  }

  curves(): CurvesPicture {
    const { arms, measurements, every, rounds } = this.options;
    const { curves, remaining } = this.arrays;
    const lossOf = (round: number, a: number) =>
      Array.from(
        curves.subarray((round * arms.length + a) * measurements, (round * arms.length + a + 1) * measurements),
        (v) => (Number.isNaN(v) ? null : Math.round(v * 1e4) / 1e4),
      );
    const begun = Array.from({ length: rounds }, (_, round) => round).filter((round) => remaining[round] > 0);
    return {
      every,
      rounds: begun.map((round) => ({
        round,
        remaining: remaining[round],
        loss: Object.fromEntries(arms.map((arm, a) => [arm, lossOf(round, a)])),
      })),
    };
  }
  ticket(seed: number, rounds: number): TicketPicture {
    const { layers, freshStarts } = this.options;
    const { deaths, start, trained } = this.arrays;
    const n = this.wall.length;
    const starts = start.subarray(0, (freshStarts ? rounds : 1) * n);
    const ends = trained.subarray(0, rounds * n);
    const scale = [...starts, ...ends].reduce((top, v) => Math.max(top, Math.abs(v)), 1e-9);
    return {
      seed,
      rounds,
      layers: layers.map(({ name, shape }) => ({ name, shape })),
      deaths: packBytes(deaths),
      wall: {
        index: this.wall.map((w) => w.index),
        scale,
        start: packShares(starts, scale),
        trained: packShares(ends, scale),
      },
    };
  }
}
