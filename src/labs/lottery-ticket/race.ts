// Iterative magnitude pruning and its controls, round by round: all arms of all seeds train in one stacked graph.
import type { DataSplit } from '../../data/types.ts';
import type { Runner, StepperState } from '../../engine/engine.ts';
import { batchOrder, type BatchOrder } from '../../util/epochs.ts';
import type { Prng } from '../../util/prng.ts';
import { mean } from '../../util/stats.ts';
import { exampleKey } from '../_kit/claims/effect.ts';
import type { CustomRun, LabContext } from '../_kit/contract/lab.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { correct } from '../_kit/train/correct.ts';
import { openReadout, type Readout } from '../_kit/train/readout.ts';
import { openTrainer, type Trainer, type TrainStep } from '../_kit/train/trainer.ts';
import { Album } from './album.ts';
import { isLookedAt } from './claims.ts';
import { EarlyStop, firstBelow, lowest, rowOf } from './early-stop.ts';
import type { meta } from './meta.ts';
import { LAB_WIDTHS, lossProgram, network, trainStep, type Widths } from './model.ts';
import { keepLargest, layersOf, nextCounts, remaining, shuffled, type Layer } from './prune.ts';

export type Knobs = KnobsOf<typeof meta.controls>;
export interface Sets {
  train: DataSplit;
  validation: DataSplit;
  test: DataSplit;
}
export interface Sizes {
  batch: number;
  /** Steps between measurements. */
  every: number;
  /** Test images of one call. */
  chunk: number;
  widths: Widths;
}
const LAB_SIZES: Sizes = { batch: 60, every: 25, chunk: 2000, widths: LAB_WIDTHS };

/** Arms in the order of the stack. All but reinit start from the ticket's weights. */
const STACKED = ['ticket', 'reinit', 'random-mask', 'one-shot'] as const;
const A = STACKED.length;
const TICKET = STACKED.indexOf('ticket');
const REINIT = STACKED.indexOf('reinit');
/** What a model's round ends with. */
const OUTCOMES = ['accuracy', 'final', 'earlyStop', 'loss'] as const;

type Sink = Parameters<CustomRun['loop']>[0];
type Arrays = Record<string, Float32Array>;

export class Race implements Pick<CustomRun, 'loop' | 'save' | 'load'> {
  readonly total: number;
  private readonly ctx: LabContext<Knobs>;
  private readonly sets: Sets;
  private readonly sizes: Sizes;
  private readonly step: TrainStep;
  private readonly layers: Layer[];
  private readonly orders: BatchOrder[];
  private readonly stop: EarlyStop;
  private readonly album: Album;
  /** What outlasts a step beside the trainer's state; saved with the arrays of `stop` and `album`. */
  private readonly memory: ReturnType<typeof memoryOf>;
  private readonly test: Readout<'logits', 'test'>;
  private validation: Runner | null = null;
  private trainer: Trainer | null = null;
  private saved: StepperState | null = null;

  constructor(ctx: LabContext<Knobs>, sets: Sets, sizes: Sizes = LAB_SIZES) {
    const { engine, knobs, seeds } = ctx;
    const { batch, every, chunk, widths } = sizes;
    const { rows } = sets.train;
    const S = seeds.length * A;
    const measurements = Math.ceil(knobs.steps / every);
    this.ctx = ctx;
    this.sets = sets;
    this.sizes = sizes;
    this.total = (knobs.rounds + 1) * knobs.steps;
    this.step = trainStep({ seeds: seeds.length, arms: A, batch, rows, residency: engine.residency, widths });
    this.layers = layersOf(this.step.params.specs);
    this.orders = seeds.map((seed) => batchOrder(ctx.prng(seed, 'batches'), rows, batch));
    this.memory = memoryOf(seeds.length, this.step.params.length, sets.test.rows);
    this.stop = new EarlyStop(S, measurements, this.step.params.length);
    this.album = new Album({
      layers: this.layers,
      rounds: knobs.rounds + 1,
      measurements,
      arms: STACKED,
      freshStarts: knobs.rewind === 'random',
      every,
      random: ctx.prng(seeds[0], 'wall'),
    });
    this.test = openReadout(engine, S, {
      network: (graph) => ({ logits: network(graph.params, graph.rows('images', [widths.inputs]), widths) }),
      sets: { test: { rows: sets.test.rows, sources: { images: sets.test.values } } },
      chunk,
    });
  }
  private get round(): number {
    return this.memory.round[0];
  }
  private get steps(): number {
    return this.trainer!.steps;
  }
  /** The part of model (seed g, arm a) in a vector [S, P]. */
  private of(all: Float32Array, g: number, a: number): Float32Array {
    return rowOf(all, g * A + a, this.ctx.seeds.length * A);
  }
  /** Arm to which place i of a vector [S, P] belongs. */
  private armAt(i: number): number {
    return Math.floor(i / this.step.params.length) % A;
  }

  async *loop(sink: Sink): AsyncGenerator<{ done: number }> {
    const { ctx, sets, sizes, memory } = this;
    const { steps, rounds } = ctx.knobs;
    const { values: images, labels, rows } = sets.validation;
    try {
      const program = lossProgram(ctx.seeds.length * A, rows, sizes.widths);
      this.validation = await ctx.engine.runner(program, { images, labels });
      await (this.saved ? this.reopen(this.saved) : this.open());
      for (;;) {
        await this.advance();
        if (this.steps === steps) {
          await this.close(sink);
          if (this.round === rounds) return;
          memory.round[0]++;
          await this.open();
        }
        yield { done: this.round * steps + this.steps };
      }
    } finally {
      for (const open of [this.trainer, this.validation, this.test]) await open?.dispose();
    }
  }

  private get kept(): Arrays {
    const named = (prefix: string, arrays: Arrays) =>
      Object.entries(arrays).map(([name, values]) => [`${prefix}.${name}`, values]);
    const { memory, stop, album } = this;
    return Object.fromEntries([
      ...named('race', memory),
      ...named('stop', stop.arrays),
      ...named('album', album.arrays),
    ]);
  }
  async save(): Promise<StepperState> {
    const { steps, arrays } = await this.trainer!.save();
    return { steps, arrays: { ...arrays, ...structuredClone(this.kept) } };
  }
  async load(saved: StepperState): Promise<void> {
    for (const [name, values] of Object.entries(this.kept)) values.set(saved.arrays[name]);
    this.saved = saved;
  }
  private async reopen(saved: StepperState): Promise<void> {
    await this.openTrainer();
    await this.trainer!.load(saved);
  }

  // -------------------------------------------------------------- a round

  /** Masks and first weights of the round, and its training step. */
  private async open(): Promise<void> {
    const { ctx, round, memory, album, layers } = this;
    ctx.status(round === 0 ? 'training the dense network' : `round ${round} of ${ctx.knobs.rounds}`);
    if (round > 0) ctx.seeds.forEach((seed, g) => this.prune(seed, g));
    await this.openTrainer();
    if (ctx.knobs.reinit === 'signs') await this.keepSigns();
    memory.start.set(this.of(await this.trainer!.read('theta'), 0, TICKET));
    this.stop.reset();
    const mask = this.of(memory.mask, 0, TICKET);
    album.open(round, mask, remaining(mask, layers));
  }
  /** The next masks of a seed, in the order of the stack. */
  private prune(seed: number, g: number): void {
    const { ctx, memory, layers, round } = this;
    const before = this.of(memory.mask, g, TICKET).slice();
    const counts = nextCounts(before, layers, ctx.knobs.prune / 100);
    const ticket = keepLargest(this.of(memory.trained, g, TICKET), before, layers, counts);
    const whole = new Float32Array(before.length).fill(1);
    const oneShot = keepLargest(this.of(memory.dense, g, TICKET), whole, layers, counts);
    const masks = [ticket, ticket, shuffled(ticket, layers, ctx.prng(seed, 'random-mask', round)), oneShot];
    masks.forEach((mask, a) => this.of(memory.mask, g, a).set(mask));
  }

  /** A step under the present masks. The session is shared with the round before. */
  private async openTrainer(): Promise<void> {
    const { ctx, sets, memory, orders, step, round } = this;
    const path = ctx.knobs.rewind === 'random' && round > 0 ? ['start', round] : ['init'];
    const before = this.trainer;
    this.trainer = await openTrainer(ctx, {
      steps: { train: step },
      starts: this.starts((seed, a) => ctx.prng(seed, ...(a === REINIT ? ['reinit', round] : path))),
      sources: { images: sets.train.values, labels: sets.train.labels, mask: memory.mask.slice() },
      feeds: (t) => ({ pick: Int32Array.from(orders.flatMap((order) => Array.from(order(t)))) }),
      rate: () => ctx.knobs.rate,
    });
    await before?.dispose();
  }
  private starts(of: (seed: number, a: number) => Prng): Prng[] {
    return this.ctx.seeds.flatMap((seed) => STACKED.map((_arm, a) => of(seed, a)));
  }
  /** Gives reinitialised weights the signs of the original ones. */
  private async keepSigns(): Promise<void> {
    const original = this.step.params.init(...this.starts((seed) => this.ctx.prng(seed, 'init')));
    const theta = await this.trainer!.read('theta');
    const signed = theta.map((v, i) => (this.armAt(i) === REINIT ? Math.abs(v) * Math.sign(original[i]) : v));
    await this.trainer!.write('theta', signed);
  }

  private async advance(): Promise<void> {
    const { every } = this.sizes;
    const { steps, rewind } = this.ctx.knobs;
    await this.trainer!.advance(1);
    if (this.steps === Number(rewind)) await this.rewind();
    if (this.steps % every === 0 || this.steps === steps) await this.measure();
  }

  /** Round 0 keeps the dense run's state at this step; later rounds put the rewound arms there, under their own masks. */
  private async rewind(): Promise<void> {
    const { memory, trainer, round, step } = this;
    for (const name of ['theta', 'm', 'v'] as const) {
      const now = await trainer!.read(name);
      if (round === 0) {
        memory[name].set(now);
        continue;
      }
      const mask = name === 'theta' ? null : memory.mask;
      const back = now.map((v, i) => {
        const a = this.armAt(i);
        return a === REINIT ? v : memory[name][i - (a - TICKET) * step.params.length] * (mask?.[i] ?? 1);
      });
      if (name === 'theta') memory.start.set(this.of(back, 0, TICKET));
      await trainer!.write(name, back);
    }
  }

  /** Validation loss of every model; the arms that wait for their rewinding have none yet. */
  private async measure(): Promise<void> {
    const { ctx, round, steps, sizes, stop, album, memory } = this;
    const j = Math.ceil(steps / sizes.every) - 1;
    const theta = times(await this.trainer!.read('theta'), memory.mask);
    const { loss } = await this.validation!.run({ theta });
    const waits = round > 0 && steps < Number(ctx.knobs.rewind);
    stop.observe(
      j,
      Float32Array.from(loss, (v, s) => (waits && s % A !== REINIT ? NaN : v)),
      theta,
    );
    const losses = ctx.seeds.map((_, g) => STACKED.map((_arm, a) => stop.history(g * A + a)[j]));
    album.curve(round, losses, j);
    ctx.picture('curves', album.curves());
  }

  /** Test accuracies, points and pictures of the finished round. */
  private async close(sink: Sink): Promise<void> {
    const { ctx, memory, round, stop, album, layers } = this;
    const theta = await this.trainer!.read('theta');
    const early = await this.rightOf(stop.finish());
    const final = await this.rightOf(times(theta, memory.mask));
    memory.trained.set(theta);
    if (round === 0) memory.dense.set(theta);
    ctx.seeds.forEach((seed, g) => {
      const left = remaining(this.of(memory.mask, g, TICKET), layers);
      const goal = lowest(stop.history(g * A + REINIT)).score;
      const report = (arm: string, outcome: Float32Array, right: Float32Array, more: Record<string, number> = {}) => {
        const values = { ...Object.fromEntries(OUTCOMES.map((metric, i) => [metric, outcome[i]])), ...more };
        for (const [metric, value] of Object.entries(values)) sink.point(arm, seed, metric, round, value);
        if (isLookedAt(left)) sink.examples(arm, seed, { [exampleKey('accuracy', round)]: right.slice() });
      };
      const dense = rowOf(memory.outcome, g, ctx.seeds.length);
      const denseRight = rowOf(memory.right, g, ctx.seeds.length);
      STACKED.forEach((arm, a) => {
        const s = g * A + a;
        const outcome = this.outcomeOf(s, early[s], final[s]);
        const reach = Number.isFinite(goal) ? firstBelow(stop.history(s), goal) : -1;
        if (round === 0 && a === TICKET) {
          dense.set(outcome);
          denseRight.set(early[s]);
        }
        report(arm, outcome, early[s], { remaining: left, ...(reach >= 0 ? { reach: this.stepOf(reach) } : {}) });
      });
      report('dense', dense, denseRight);
    });
    album.close(round, memory.start, this.of(theta, 0, TICKET));
    ctx.picture('ticket', album.ticket(ctx.seeds[0], round + 1));
  }
  /** Per model, test image by test image: 1 where it is right. theta: [S, P], masked. */
  private async rightOf(theta: Float32Array): Promise<Float32Array[]> {
    const answers = await this.test.read({ theta }, 'test');
    return answers.map(({ logits }) => correct(logits, this.sets.test.labels));
  }
  /** NaN for what a diverged network does not have: weights that are not finite answer nothing, whatever their argmax. */
  private outcomeOf(s: number, early: Float32Array, final: Float32Array): Float32Array {
    const losses = this.stop.history(s);
    const { at, score } = lowest(losses);
    const isFinal = Number.isFinite(losses.at(-1));
    return Float32Array.of(
      at >= 0 ? mean(early) : NaN,
      isFinal ? mean(final) : NaN,
      at >= 0 ? this.stepOf(at) : NaN,
      at >= 0 ? score : NaN,
    );
  }
  /** Training step of measurement j. */
  private stepOf(j: number): number {
    return Math.min(this.ctx.knobs.steps, (j + 1) * this.sizes.every);
  }
}

/** Vectors of G seeds lie one after another. `theta`, `m`, `v`: the dense run at the rewinding step; `start`: of the wall's ticket. */
function memoryOf(G: number, P: number, testRows: number) {
  const models = () => new Float32Array(G * A * P);
  return {
    round: new Float32Array(1),
    mask: models().fill(1),
    start: new Float32Array(P),
    theta: models(),
    m: models(),
    v: models(),
    /** End of the dense run, and of the newest round. */
    dense: models(),
    trained: models(),
    /** Of the dense run: outcomes [G, 4], and which test images it got right [G, rows]. */
    outcome: new Float32Array(G * OUTCOMES.length),
    right: new Float32Array(G * testRows),
  };
}

const times = (a: Float32Array, b: Float32Array): Float32Array => a.map((v, i) => v * b[i]);
