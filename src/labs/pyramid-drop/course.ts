// A run of the lab in examine mode: the example, the grid of single cuts, all arms over blocks of test questions, then the clocks.
import { testSet, type TestItem } from '../../data/scenes/pack.ts';
import { QUESTION_TYPES } from '../../data/scenes/questions.ts';
import type { Sprites } from '../../data/scenes/sprites.ts';
import type { CustomRun, RunContext } from '../_kit/contract/lab.ts';
import type { GridPicture, ScatterPicture } from '../../pictures/payloads.ts';
import { ask } from './ask.ts';
import { planKey, plansOf, type ArmPlan, type PlanKnobs } from './arms.ts';
import { checkClaims } from './claims.ts';
import { cut, runSchedule, type DropOptions } from './drop.ts';
import { Examiner, mark, prepare, rightAnswers, type Chunk } from './examine.ts';
import { exampleOf, exampleRgb } from './example.ts';
import type { Sequences, Vlm } from './inference.ts';
import { openModel, SHAPE, WIDTHS, type ModelId } from './models.ts';
import { meanTokens, scheduleCost } from '../../own-model/schedule.ts';
import { timeSteps } from './train-live.ts';

export const BATCH = 64;
/** Rows of the heat map: layers before the cut. Columns: share of the image that stays. */
export const GRID_LAYERS = Array.from({ length: SHAPE.layers }, (_, l) => l);
export const GRID_SHARES = [0.75, 0.5, 0.25, 0.125, 0.0625, 0];
/** Share that stays in part 1 of the claim. */
const DEPTH_SHARE = 0.125;
const DEPTH_LAYERS = GRID_LAYERS.slice(1);
const DEPTH_KEEP = Math.round(SHAPE.image * DEPTH_SHARE);
const GRID_QUESTIONS = 512;
/** Blocks between two points of a curve, at least; a long run has about eight points. */
const REPORT_EVERY = 5;
const REPORTS = 8;
const COUNT_RANGE = 4;
const MODELS: readonly ModelId[] = ['vanilla', 'pdrop'];

export interface ExamineKnobs extends PlanKnobs {
  questions: number;
  model: string;
}
type Context = RunContext;
type Sink = Parameters<CustomRun['loop']>[0];
type Said = Map<string, number[]>;

/** The sequences that enter each layer with all tokens, computed once and shared by all arms of a model. */
class Prefixes {
  private readonly vlm: Vlm;
  private readonly at: Sequences[] = [];
  private readonly chunk: Chunk;
  constructor(vlm: Vlm, chunk: Chunk) {
    this.vlm = vlm;
    this.chunk = chunk;
  }
  async before(layer: number): Promise<Sequences> {
    if (!this.at.length) this.at.push(await this.vlm.start(this.chunk.patches, this.chunk.questions));
    for (let l = this.at.length; l <= layer; l++) this.at.push(await this.vlm.layers(this.at[l - 1], l - 1, l));
    return this.at[layer];
  }
}

export class Course {
  readonly total: number;
  private readonly ctx: Context;
  private readonly knobs: ExamineKnobs;
  private readonly plans: ArmPlan[];
  private readonly blocks: number;
  private readonly errors = new Map<string, number[]>();
  private readonly scores = new Map<string, number>();
  private done = 0;
  /** Draws objects as emoji, if the knob says so. */
  private readonly sprites: Sprites | undefined;
  constructor(ctx: Context, knobs: ExamineKnobs, sprites?: Sprites) {
    this.sprites = sprites;
    const { plans, notices } = plansOf(knobs);
    this.ctx = ctx;
    this.knobs = knobs;
    this.plans = plans;
    if (!ctx.isUnseen) for (const notice of notices) ctx.notice(notice);
    this.blocks = Math.ceil(knobs.questions / BATCH);
    const drawn = ctx.isUnseen ? 0 : 1 + GRID_LAYERS.length * GRID_SHARES.length;
    this.total = drawn + ctx.seeds.length * (this.blocks + this.plans.length + 1);
  }

  async *loop(sink: Sink): AsyncGenerator<{ done: number }> {
    const { ctx } = this;
    const tick = () => ({ done: ++this.done });
    const every = Math.max(REPORT_EVERY, Math.ceil(this.blocks / REPORTS));
    for (const seed of ctx.seeds) {
      const items = testSet(seed, this.knobs.questions);
      if (seed === ctx.seeds[0] && !ctx.isUnseen) for await (const _ of this.pictures(items)) yield tick();
      const said: Said = new Map();
      for (let block = 0; block < this.blocks; block++) {
        ctx.status(`test seed ${seed}: question ${block * BATCH + 1} of ${items.length}, all arms`);
        await this.block(items, block, seed, said);
        if (ctx.signal.aborted) return;
        if ((block + 1) % every === 0 || block === this.blocks - 1) this.report(sink, items, seed, said);
        yield tick();
      }
      this.close(sink, items, seed, said);
      yield* this.clocks(sink, items, seed, tick);
    }
  }
  readonly claims = checkClaims;

  /** What is drawn once: the example, then the map. */
  private async *pictures(items: readonly TestItem[]): AsyncGenerator<void> {
    this.ctx.status('asking about one picture');
    await this.drawExample();
    yield;
    yield* this.grid(items);
  }

  private async drawExample(): Promise<void> {
    const seed = this.ctx.seeds[0];
    const { scene, question } = exampleOf(seed);
    this.ctx.picture('example', {
      seed,
      plan: planKey(this.knobs),
      ...(await ask(this.ctx, this.plans, exampleRgb(scene, this.sprites), [...question.words])),
    });
  }

  /** The heat map of the chosen model, cell by cell. */
  private async *grid(items: readonly TestItem[]): AsyncGenerator<void> {
    const { model, rule, positions } = this.plans[1];
    const chosen = this.knobs.model === 'pdrop' ? 'pdrop' : model;
    const vlm = await openModel(this.ctx, chosen);
    const asked = items.slice(0, GRID_QUESTIONS);
    const examiner = new Examiner(vlm, asked, BATCH, this.sprites);
    const values: (number | null)[] = Array(GRID_LAYERS.length * GRID_SHARES.length).fill(null);
    this.ctx.status(`one cut, every layer and share: ${asked.length} questions a cell`);
    let at = 0;
    for await (const cell of examiner.grid(
      GRID_LAYERS,
      GRID_SHARES.map((s) => Math.round(s * SHAPE.image)),
      { rule, positions, seed: this.ctx.seeds[0] },
    )) {
      values[at++] = cell.accuracy;
      this.ctx.picture('redundancy', {
        rows: GRID_LAYERS.length,
        cols: GRID_SHARES.length,
        values: [...values],
        min: 0,
        max: 1,
        digits: 2,
        rowLabels: GRID_LAYERS.map(String),
        colLabels: GRID_SHARES.map((s) => `${100 * s} %`),
        xLabel: 'image tokens that stay',
        yLabel: 'layers before the cut',
        model: chosen,
        rule,
        questions: asked.length,
      } satisfies GridPicture & Record<string, unknown>);
      yield;
    }
  }

  /** All arms and the depth curves of both models on one block of questions. */
  private async block(items: readonly TestItem[], block: number, seed: number, said: Said): Promise<void> {
    const own = items.slice(block * BATCH, (block + 1) * BATCH);
    for (const model of MODELS) {
      const vlm = await openModel(this.ctx, model);
      const chunk = prepare(vlm, own, BATCH, this.sprites);
      const prefixes = new Prefixes(vlm, chunk);
      const note = async (id: string, end: Sequences) => {
        (said.get(id) ?? said.set(id, []).get(id)!).push(...(await vlm.answers(end)).subarray(0, chunk.count));
      };
      for (const { id, schedule, rule, positions } of this.plans.filter((p) => p.model === model)) {
        if (this.ctx.signal.aborted) return;
        const start = schedule.cuts[0]?.layer ?? SHAPE.layers;
        await note(
          id,
          await runSchedule(
            vlm,
            await prefixes.before(start),
            schedule,
            { rule, positions, seed: seed * 1009 + block },
            start,
          ),
        );
      }
      for (const layer of DEPTH_LAYERS) {
        const drop: DropOptions = { rule: 'attention', positions: this.plans[0].positions, seed: 1 };
        await note(
          `cut-${model}:${layer}`,
          await vlm.layers(await cut(vlm, await prefixes.before(layer), layer, DEPTH_KEEP, drop), layer, SHAPE.layers),
        );
      }
    }
  }

  /** Accuracy so far, and the pictures. */
  private report(sink: Sink, items: readonly TestItem[], seed: number, said: Said): void {
    for (const { id } of this.plans) {
      const words = said.get(id)!;
      const { accuracy, countErrors } = mark(items.slice(0, words.length), words);
      sink.point(id, seed, 'accuracy', words.length, accuracy);
      this.scores.set(id, accuracy);
      const before = Array.from({ length: 2 * COUNT_RANGE + 1 }, (_, i) => countErrors[String(i - COUNT_RANGE)] ?? 0);
      const all = Object.values(countErrors).reduce((a, b) => a + b, 0);
      this.errors.set(
        id,
        before.map((n) => n / Math.max(1, all)),
      );
    }
    this.ctx.picture('countErrors', this.countErrors());
    this.ctx.picture('cost', this.costs());
  }

  /** What is known once all questions of a seed are answered. */
  private close(sink: Sink, items: readonly TestItem[], seed: number, said: Said): void {
    for (const { id, schedule } of this.plans) {
      const words = said.get(id)!;
      const { perType } = mark(items, words);
      sink.examples(id, seed, { accuracy: rightAnswers(items, words) });
      const give = (metric: string, value: number) => sink.point(id, seed, metric, items.length, value);
      for (const type of QUESTION_TYPES) if (perType[type] !== undefined) give(type, perType[type]);
      give('mflops', scheduleCost(schedule, WIDTHS) / 1e6);
      give('tokens', meanTokens(schedule));
    }
    for (const model of MODELS)
      for (const layer of DEPTH_LAYERS)
        sink.point(
          `cut-${model}`,
          seed,
          'cutAccuracy',
          layer,
          mark(items, said.get(`cut-${model}:${layer}`)!).accuracy,
        );
  }

  /** Measured time of each arm's decoder layers and rankings, and of a training step with and without drops. */
  private async *clocks(
    sink: Sink,
    items: readonly TestItem[],
    seed: number,
    tick: () => { done: number },
  ): AsyncGenerator<{ done: number }> {
    for (const { id, model, schedule, rule, positions } of this.plans) {
      this.ctx.status('measuring prefill times');
      const vlm = await openModel(this.ctx, model);
      const chunk = prepare(vlm, items.slice(0, BATCH), BATCH, this.sprites);
      const start = await vlm.start(chunk.patches, chunk.questions);
      const times: number[] = [];
      for (let i = 0; i < 3; i++) {
        const began = performance.now();
        await runSchedule(vlm, start, schedule, { rule, positions, seed: 1 });
        times.push((performance.now() - began) / BATCH);
      }
      sink.point(id, seed, 'prefillMs', items.length, Math.min(...times));
      yield tick();
    }
    this.ctx.status('measuring training steps');
    const { vanilla, pdrop } = await timeSteps(this.ctx, this.plans[0].positions);
    sink.point('full', seed, 'stepMs', items.length, vanilla);
    sink.point('twin', seed, 'stepMs', items.length, pdrop);
    yield tick();
  }

  private countErrors(): GridPicture {
    const plans = this.plans;
    const columns = Array.from({ length: 2 * COUNT_RANGE + 1 }, (_, i) => i - COUNT_RANGE);
    return {
      rows: plans.length,
      cols: columns.length,
      values: plans.flatMap((p) => this.errors.get(p.id) ?? columns.map(() => 0)),
      min: 0,
      max: 1,
      digits: 2,
      rowLabels: plans.map((p) => p.label),
      colLabels: columns.map((e) => (e > 0 ? `+${e}` : String(e).replace('-', '−'))),
      xLabel: 'answer minus true number',
      yLabel: 'arm',
    };
  }
  private costs(): ScatterPicture {
    const plans = this.plans;
    const percent = (id: string) => 100 * (this.scores.get(id) ?? 0);
    return {
      x: plans.map((p) => scheduleCost(p.schedule, WIDTHS) / 1e6),
      y: plans.map((p) => percent(p.id)),
      group: plans.map((_, i) => i),
      groups: plans.map((p) => p.label),
      arms: plans.map((p) => p.id),
      labels: plans.map((p) => `${p.label}: ${percent(p.id).toFixed(1)} %`),
      xLabel: 'million multiply-accumulates (formula)',
      yLabel: 'accuracy, %',
    };
  }
}
