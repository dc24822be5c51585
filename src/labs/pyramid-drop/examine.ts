// Measures a model on a fixed test set: one schedule, or a whole grid of single cuts (layer x kept tokens) that shares prefixes.
import { emptyBatch, patchOwners, testSet, writeRow, type TestItem, type TestOptions } from '../../data/scenes/pack.ts';
import { QUESTION_TYPES, type QuestionType } from '../../data/scenes/questions.ts';
import { renderScene } from '../../data/scenes/render.ts';
import type { Sprites } from '../../data/scenes/sprites.ts';
import { BASE, QUESTION_LENGTH } from '../../data/scenes/vocabulary.ts';
import { cut, runSchedule, type DropOptions } from './drop.ts';
import type { Sequences, Vlm } from './inference.ts';
import { patchShape } from './model.ts';
import { mean } from '../../util/stats.ts';
import type { Schedule } from '../../own-model/schedule.ts';

export interface Measured {
  questions: number;
  /** Share of right answers. */
  accuracy: number;
  perType: Partial<Record<QuestionType, number>>;
  /** Said minus true number of objects -> how many count questions; answers that are no number under NaN's place, `other`. */
  countErrors: Record<string, number>;
}

/** 1 for each right answer, 0 for the others. `said`: answer tokens, one per item. */
export const rightAnswers = (items: readonly TestItem[], said: ArrayLike<number>): Float32Array =>
  Float32Array.from(items, ({ question }, i) => Number(said[i] === question.answer));

/** Right answers by type, and how counts go wrong. `said`: answer tokens, one per item. */
export function mark(items: readonly TestItem[], said: ArrayLike<number>): Measured {
  const right = rightAnswers(items, said);
  const perType: Measured['perType'] = {};
  const countErrors: Record<string, number> = {};
  for (const type of QUESTION_TYPES) {
    const own = right.filter((_, i) => items[i].question.type === type);
    if (own.length) perType[type] = mean(own);
  }
  items.forEach(({ question }, i) => {
    if (question.type !== 'count') return;
    const digit = said[i] - BASE.digit;
    const key = digit >= 0 && digit <= 9 ? String(said[i] - question.answer) : 'other';
    countErrors[key] = (countErrors[key] ?? 0) + 1;
  });
  return { questions: items.length, accuracy: mean(right), perType, countErrors };
}

export interface Chunk {
  patches: Float32Array;
  questions: Int32Array;
  objects: Int8Array;
  count: number;
}
/** A cut before `layer` that keeps `keep`, and what came of it. */
export interface Cell extends Measured {
  layer: number;
  keep: number;
}
/** Sequence numbers apart, so that random rules differ between chunks. */
const CHUNK_STRIDE = 100_003;

export class Examiner {
  readonly items: readonly TestItem[];
  private readonly vlm: Vlm;
  private readonly batch: number;
  private readonly sprites: Sprites | undefined;
  private chunks: Chunk[] | undefined;
  constructor(vlm: Vlm, items: readonly TestItem[], batch = 64, sprites?: Sprites) {
    this.vlm = vlm;
    this.items = items;
    this.batch = batch;
    this.sprites = sprites;
  }
  static of(vlm: Vlm, seed: number, questions: number, options: TestOptions & { batch?: number } = {}): Examiner {
    return new Examiner(vlm, testSet(seed, questions, options), options.batch);
  }

  /** Answers to all questions under one schedule. */
  async answers(schedule: Schedule, drop: Omit<DropOptions, 'objects'>): Promise<Int32Array> {
    const said: number[] = [];
    for (const [i, chunk] of this.prepared().entries()) {
      const end = await runSchedule(
        this.vlm,
        await this.vlm.start(chunk.patches, chunk.questions),
        schedule,
        this.options(drop, chunk, i),
      );
      said.push(...(await this.vlm.answers(end)).subarray(0, chunk.count));
    }
    return Int32Array.from(said);
  }
  async run(schedule: Schedule, drop: Omit<DropOptions, 'objects'>): Promise<Measured> {
    return mark(this.items, await this.answers(schedule, drop));
  }

  /** Single cuts before each of `layers` (ascending), keeping each of `keeps`; yields cell by cell. */
  async *grid(
    layers: readonly number[],
    keeps: readonly number[],
    drop: Omit<DropOptions, 'objects'>,
  ): AsyncGenerator<Cell> {
    const chunks = this.prepared();
    const L = this.vlm.spec.layers;
    let at = 0;
    let prefixes: Sequences[] = [];
    for (const c of chunks) prefixes.push(await this.vlm.start(c.patches, c.questions));
    for (const layer of layers) {
      const from = at;
      prefixes = await inTurn(prefixes, (s) => this.vlm.layers(s, from, layer));
      at = layer;
      for (const keep of keeps) {
        const said: number[] = [];
        for (const [i, s] of prefixes.entries()) {
          const end = await this.vlm.layers(
            await cut(this.vlm, s, layer, keep, this.options(drop, chunks[i], i)),
            layer,
            L,
          );
          said.push(...(await this.vlm.answers(end)).subarray(0, chunks[i].count));
        }
        yield { layer, keep, ...mark(this.items, said) };
      }
    }
  }

  private options(drop: Omit<DropOptions, 'objects'>, { objects }: Chunk, i: number): DropOptions {
    return { ...drop, seed: drop.seed * CHUNK_STRIDE + i, objects };
  }

  /** The test set as batches of one size; the last is filled up with repeats. */
  private prepared(): Chunk[] {
    return (this.chunks ??= Array.from({ length: Math.ceil(this.items.length / this.batch) }, (_, i) =>
      prepare(this.vlm, this.items.slice(i * this.batch, (i + 1) * this.batch), this.batch, this.sprites),
    ));
  }
}

async function inTurn<T, U>(list: readonly T[], f: (item: T) => Promise<U>): Promise<U[]> {
  const out: U[] = [];
  for (const item of list) out.push(await f(item));
  return out;
}

/** One batch of test items as the model takes it, filled up with repeats to `size`. */
export function prepare({ spec }: Vlm, items: readonly TestItem[], size: number, sprites?: Sprites): Chunk {
  const batch = emptyBatch(spec.grid, size, 1);
  const [N] = patchShape(spec);
  const objects = new Int8Array(size * N);
  for (let b = 0; b < size; b++) {
    const { scene, question } = items[b % items.length];
    writeRow(batch, b, spec.grid, scene, [question], sprites);
    patchOwners(renderScene(scene, spec.grid.size, sprites), spec.grid).forEach((k, p) => {
      objects[b * N + p] = k < 0 ? 0 : question.about.includes(k) ? 2 : 1;
    });
  }
  return {
    patches: batch.patches,
    questions: batch.questions.slice(0, size * QUESTION_LENGTH),
    objects,
    count: items.length,
  };
}
