// Embeds the rows of one set with all stacked models, in chunks of equal size.
import { drawViews } from '../../data/augment.ts';
import type { Prng } from '../../util/prng.ts';
import type { Engine, Feeds, Runner, Stepper } from '../../engine/engine.ts';
import { embedStep, type Encoder } from './model.ts';
import type { PictureShape, Pictures } from './sets.ts';

/** Strength 0 draws nothing that depends on the generator but its place: any will do. */
const NO_PRNG = { next: () => 0.5 } as Prng;
const untouched = (count: number): Float32Array => drawViews(NO_PRNG, count, 0);

export interface EmbedderSpec {
  stack: number;
  encoder: Encoder;
  shape: PictureShape;
  /** Rows of one call. */ chunk: number;
}

export type Views = (random: Prng, count: number) => Float32Array;
export interface Embedding {
  /** [rows, H] */ h: Float32Array;
  /** [rows, Z] */ z: Float32Array;
}

/** What a stepper's model is made of, for `run`. */
export const weightsOf = async (stepper: Stepper): Promise<Feeds> => ({
  theta: await stepper.read('theta'),
  buffers: await stepper.read('buffers'),
});

export class Embedder {
  private readonly runner: Runner;
  private readonly spec: EmbedderSpec;
  private constructor(runner: Runner, spec: EmbedderSpec) {
    this.runner = runner;
    this.spec = spec;
  }
  static async open(engine: Engine, spec: EmbedderSpec, set: Pick<Pictures, 'rows' | 'values'>): Promise<Embedder> {
    const program = embedStep({ ...spec, batch: spec.chunk, rows: set.rows, residency: engine.residency });
    return new Embedder(await engine.runner(program, { images: set.values }), spec);
  }
  /** Embeds the first `rows` rows, untouched or as `views` draws them from the stream of their chunk. One answer per stacked model. */
  async run(weights: Feeds, rows: number, views?: { draw: Views; random: Prng }): Promise<Embedding[]> {
    const { stack, encoder, chunk } = this.spec;
    const width = { h: encoder.channels[encoder.channels.length - 1], z: encoder.z };
    const out = Array.from({ length: stack }, (): Embedding => ({
      h: new Float32Array(rows * width.h),
      z: new Float32Array(rows * width.z),
    }));
    for (let from = 0; from < rows; from += chunk) {
      const n = Math.min(chunk, rows - from);
      const pick = Int32Array.from({ length: chunk }, (_, i) => Math.min(from + i, rows - 1));
      const result = await this.runner.run({
        ...weights,
        pick,
        views: views ? views.draw(views.random.fork(from), chunk) : untouched(chunk),
      });
      out.forEach((o, s) => {
        for (const key of ['h', 'z'] as const) {
          const w = width[key];
          const at = s * chunk * w;
          o[key].set(result[key].subarray(at, at + n * w) as Float32Array, from * w);
        }
      });
    }
    return out;
  }
  dispose(): Promise<void> {
    return this.runner.dispose();
  }
}
