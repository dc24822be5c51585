// Iterative magnitude pruning and its controls, round by round: all arms of all seeds train in one stacked graph.
import type { DataSplit } from '../../data/types.ts';
import { batchOrder, type BatchOrder } from '../../util/epochs.ts';
import type { Prng } from '../../util/prng.ts';
import type { Runner, Stepper, StepperState } from '../../engine/engine.ts';
import type { CustomRun, RunContext } from '../_kit/contract/lab.ts';
import { EarlyStop, firstBelow } from './early-stop.ts';
import { initial, LAB_WIDTHS, measureStep, trainStep, type Widths } from './model.ts';
import { Album } from './album.ts';
import { aliveIn, keepLargest, layersOf, nextCounts, remaining, shuffled, type Layer } from './prune.ts';

export interface Plan {
  /** Share of the survivors that each round removes. */
  prune: number;
  /** Rounds of pruning after the dense one. */
  rounds: number;
  /** Steps of each round. */
  steps: number;
  /** Step of the dense run to whose weights tickets return; or new random weights each round. */
  rewind: number | 'random';
  rate: number;
  /** Reinitialised weights keep the signs of the original ones. */
  keepSigns: boolean;
}
export interface Sizes {
  batch: number;
  every: number;
  validation: number;
  widths?: Widths;
}
export const LAB_SIZES: Sizes = { batch: 60, every: 25, validation: 2000 };
export interface Sets {
  train: DataSplit;
  validation: DataSplit;
  test: DataSplit;
}

/** Arms in the order of the stack. All but reinit start from the ticket's weights. */
export const STACKED = ['ticket', 'reinit', 'random-mask', 'one-shot'] as const;
const [TICKET, REINIT, RANDOM, ONE_SHOT] = [0, 1, 2, 3];
const A = STACKED.length;
const isRewound = (a: number) => a !== REINIT;

/** What a model's round ends with. */
const OUTCOMES = ['accuracy', 'final', 'earlyStop', 'loss'] as const;
type Outcome = Record<(typeof OUTCOMES)[number], number>;

type Sink = Parameters<CustomRun['loop']>[0];
/** What outlasts a step; all of it is saved. Flat vectors lie one after another. */
interface Memory {
  /** [round, step] */
  cursor: Float32Array;
  /** Of the present round, [S, P]. */
  mask: Float32Array;
  start: Float32Array;
  /** The dense run's state at the rewinding step, [3, G, P]: theta, m, v. */
  rewound: Float32Array;
  /** End of the dense run, and of the ticket's newest round, [G, P]. */
  dense: Float32Array;
  trained: Float32Array;
  /** Outcomes of the dense run, [G, 4]. */
  reference: Float32Array;
}

export class Race {
  readonly total: number;
  private readonly ctx: RunContext;
  private readonly plan: Plan;
  private readonly sizes: Sizes;
  private readonly sets: Sets;
  private readonly graphs: ReturnType<typeof trainStep>;
  private readonly draw: (random: Prng) => Float32Array;
  private readonly layers: Layer[];
  private readonly stop: EarlyStop;
  private readonly memory: Memory;
  private readonly album: Album;
  private readonly orders: BatchOrder[];
  private stepper: Stepper | null = null;
  private runner: Runner | null = null;
  private saved: StepperState | null = null;

  constructor(ctx: RunContext, plan: Plan, sets: Sets, sizes: Sizes = LAB_SIZES) {
    const G = ctx.seeds.length;
    const { widths } = sizes;
    this.ctx = ctx;
    this.plan = plan;
    this.sizes = sizes;
    this.sets = sets;
    this.graphs = trainStep({
      seeds: G,
      arms: A,
      batch: sizes.batch,
      rows: sets.train.rows,
      residency: ctx.engine.residency,
      widths,
    });
    this.draw = initial(widths);
    this.layers = layersOf(this.graphs.params.specs);
    const P = this.graphs.params.length;
    const GP = G * P;
    const S = G * A;
    this.stop = new EarlyStop(S, this.measurements, P);
    this.memory = {
      cursor: new Float32Array(2),
      mask: new Float32Array(S * P),
      start: new Float32Array(S * P),
      rewound: new Float32Array(3 * GP),
      dense: new Float32Array(GP),
      trained: new Float32Array(GP),
      reference: new Float32Array(OUTCOMES.length * G),
    };
    this.album = new Album({
      layers: this.layers,
      rounds: plan.rounds + 1,
      measurements: this.measurements,
      arms: STACKED,
      freshStarts: plan.rewind === 'random',
      every: sizes.every,
      random: ctx.prng(ctx.seeds[0], 'wall'),
    });
    this.orders = ctx.seeds.map((seed) => batchOrder(ctx.prng(seed, 'batches'), sets.train.rows, sizes.batch));
    this.total = (plan.rounds + 1) * plan.steps;
  }
  private get measurements(): number {
    return Math.ceil(this.plan.steps / this.sizes.every);
  }
  private get P(): number {
    return this.graphs.params.length;
  }
  private get round(): number {
    return this.memory.cursor[0];
  }
  private get step(): number {
    return this.memory.cursor[1];
  }
  private get rewindStep(): number {
    return this.plan.rewind === 'random' ? 0 : this.plan.rewind;
  }
  /** Training step of measurement j. */
  private stepOf(j: number): number {
    return Math.min(this.plan.steps, (j + 1) * this.sizes.every);
  }
  /** The part of model (seed g, arm a) in a vector [S, P]. */
  private of(all: Float32Array, g: number, a: number): Float32Array {
    return all.subarray((g * A + a) * this.P, (g * A + a + 1) * this.P);
  }
  private ofSeed(all: Float32Array, g: number): Float32Array {
    return all.subarray(g * this.P, (g + 1) * this.P);
  }

  async *loop(sink: Sink): AsyncGenerator<{ done: number }> {
    try {
      this.runner = await this.openRunner();
      if (this.saved) await this.reopen(this.saved);
      else await this.open();
      for (;;) {
        await this.advance();
        if (this.step === this.plan.steps) {
          await this.close(sink);
          if (this.round === this.plan.rounds) return;
          this.memory.cursor.set([this.round + 1, 0]);
          await this.open();
        }
        yield { done: this.round * this.plan.steps + this.step };
      }
    } finally {
      await this.dispose();
    }
  }

  async save(): Promise<StepperState> {
    const { arrays, steps } = await this.stepper!.save();
    const named = (prefix: string, from: object) =>
      Object.entries(from).map(([name, value]) => [`${prefix}.${name}`, (value as Float32Array).slice()]);
    return {
      steps,
      arrays: Object.fromEntries([
        ...named('stepper', arrays),
        ...named('race', this.memory),
        ...named('stop', this.stop.arrays),
        ...named('album', this.album.arrays),
      ]),
    };
  }
  async load(saved: StepperState): Promise<void> {
    for (const [prefix, to] of [
      ['race', this.memory],
      ['stop', this.stop.arrays],
      ['album', this.album.arrays],
    ] as const) {
      for (const [name, value] of Object.entries(to)) (value as Float32Array).set(saved.arrays[`${prefix}.${name}`]);
    }
    this.saved = saved;
  }
  private async reopen(saved: StepperState): Promise<void> {
    await this.openStepper();
    const arrays = Object.entries(saved.arrays)
      .filter(([name]) => name.startsWith('stepper.'))
      .map(([name, value]) => [name.slice(8), value]);
    await this.stepper!.load({ steps: saved.steps, arrays: Object.fromEntries(arrays) });
    this.saved = null;
  }

  // -------------------------------------------------------------- a round

  /** Masks and first weights of the round, and its training step. */
  private async open(): Promise<void> {
    const { seeds, prng } = this.ctx;
    const { plan, round, layers, memory, draw } = this;
    this.ctx.status(round === 0 ? 'training the dense network' : `round ${round} of ${plan.rounds}`);
    seeds.forEach((seed, g) => {
      const first = plan.rewind === 'random' && round > 0 ? draw(prng(seed, 'start', round)) : draw(prng(seed, 'init'));
      const masks = this.masks(g, seed);
      for (let a = 0; a < A; a++) {
        this.of(memory.mask, g, a).set(masks[a]);
        this.of(memory.start, g, a).set(isRewound(a) ? first : this.reinitialised(seed));
      }
    });
    this.stop.reset();
    this.album.open(round, this.of(memory.mask, 0, TICKET), remaining(this.of(memory.mask, 0, TICKET), layers));
    await this.openStepper();
  }
  private masks(g: number, seed: number): Float32Array[] {
    const { layers, memory, plan, round } = this;
    const dense = new Float32Array(this.P).fill(1);
    if (round === 0) return Array.from({ length: A }, () => dense);
    const before = this.of(memory.mask, g, TICKET);
    const counts = nextCounts(before, layers, plan.prune);
    const ticket = keepLargest(this.ofSeed(memory.trained, g), before, layers, counts);
    const masks: Float32Array[] = [];
    masks[TICKET] = masks[REINIT] = ticket;
    masks[RANDOM] = shuffled(ticket, layers, this.ctx.prng(seed, 'random-mask', round));
    masks[ONE_SHOT] = keepLargest(
      this.ofSeed(memory.dense, g),
      dense,
      layers,
      layers.map((l) => aliveIn(ticket, l)),
    );
    return masks;
  }
  /** A new draw from the initial distribution; on request with the signs of the original one. */
  private reinitialised(seed: number): Float32Array {
    const { prng } = this.ctx;
    const fresh = this.draw(prng(seed, 'reinit', this.round));
    if (!this.plan.keepSigns) return fresh;
    const original = this.draw(prng(seed, 'init'));
    return fresh.map((v, i) => Math.abs(v) * Math.sign(original[i]));
  }

  private async advance(): Promise<void> {
    const { program } = this.graphs;
    const t = this.step + 1;
    const pick = Int32Array.from(this.orders.flatMap((order) => Array.from(order(t))));
    await this.stepper!.step({ pick, ...program.rates(t, this.plan.rate) });
    this.memory.cursor[1] = t;
    if (t === this.rewindStep) await (this.round === 0 ? this.remember() : this.rewind());
    if (t % this.sizes.every === 0 || t === this.plan.steps) await this.measure();
  }

  /** Keeps the dense run's weights and moments. */
  private async remember(): Promise<void> {
    const { rewound } = this.memory;
    const GP = this.P * this.ctx.seeds.length;
    for (const [k, name] of ['theta', 'm', 'v'].entries()) {
      const all = await this.stepper!.read(name);
      this.ctx.seeds.forEach((_, g) => rewound.set(this.of(all, g, TICKET), k * GP + g * this.P));
    }
  }
  /** Puts the rewound arms where the dense run was at this step, under their own masks. */
  private async rewind(): Promise<void> {
    const { rewound, mask } = this.memory;
    const GP = this.P * this.ctx.seeds.length;
    for (const [k, name] of ['theta', 'm', 'v'].entries()) {
      const all = await this.stepper!.read(name);
      this.ctx.seeds.forEach((_, g) => {
        const from = this.ofSeed(rewound.subarray(k * GP, (k + 1) * GP), g);
        for (let a = 0; a < A; a++)
          if (isRewound(a)) this.of(all, g, a).set(name === 'theta' ? from : times(from, this.of(mask, g, a)));
      });
      if (name === 'theta') this.memory.start.set(all);
      await this.stepper!.write(name, all);
    }
  }

  /** Validation loss of every model; the arms that wait for their rewinding have none yet. */
  private async measure(): Promise<void> {
    const { round, step, sizes } = this;
    const weights = times(await this.stepper!.read('theta'), this.memory.mask);
    const waits = round > 0 && step < this.rewindStep;
    const j = Math.ceil(step / sizes.every) - 1;
    const { loss } = await this.score(weights, 0, sizes.validation);
    this.stop.observe(
      j,
      Float64Array.from(loss, (v, s) => (waits && isRewound(s % A) ? NaN : v)),
      weights,
    );
    this.album.curve(
      round,
      this.ctx.seeds.map((_, g) => STACKED.map((_arm, a) => this.stop.history(g * A + a)[j])),
      j,
    );
    this.ctx.picture('curves', this.album.curves());
  }
  /** Mean loss and accuracy [S] on `count` of the measured rows: validation first, then test. */
  private async score(
    theta: Float32Array,
    from: number,
    count: number,
  ): Promise<{ loss: Float64Array; accuracy: Float64Array }> {
    const { validation: B } = this.sizes;
    const S = this.ctx.seeds.length * A;
    const loss = new Float64Array(S);
    const accuracy = new Float64Array(S);
    const chunks = count / B;
    for (let c = 0; c < chunks; c++) {
      const out = await this.runner!.run({ theta, pick: Int32Array.from({ length: B }, (_, i) => from + c * B + i) });
      for (let s = 0; s < S; s++) {
        loss[s] += out.loss[s] / chunks;
        accuracy[s] += out.accuracy[s] / chunks;
      }
    }
    return { loss, accuracy };
  }

  /** Test accuracies, points and pictures of the finished round. */
  private async close(sink: Sink): Promise<void> {
    const { memory, round, stop, ctx, sizes, sets, layers } = this;
    const theta = await this.stepper!.read('theta');
    stop.finish(this.measurements - 1);
    const early = await this.score(stop.best, sizes.validation, sets.test.rows);
    const final = await this.score(times(theta, memory.mask), sizes.validation, sets.test.rows);
    ctx.seeds.forEach((seed, g) => {
      const left = remaining(this.of(memory.mask, g, TICKET), layers);
      const goal = stop.score(g * A + REINIT);
      STACKED.forEach((arm, a) => {
        const s = g * A + a;
        const reach = Number.isFinite(goal) ? firstBelow(stop.history(s), goal) : -1;
        const values = this.outcomeOf(s, early.accuracy[s], final.accuracy[s]);
        if (round === 0 && a === TICKET)
          memory.reference.set(
            OUTCOMES.map((m) => values[m]),
            OUTCOMES.length * g,
          );
        report(sink, arm, seed, round, {
          ...values,
          remaining: left,
          ...(reach >= 0 ? { reach: this.stepOf(reach) } : {}),
        });
      });
      report(
        sink,
        'dense',
        seed,
        round,
        Object.fromEntries(OUTCOMES.map((m, i) => [m, memory.reference[OUTCOMES.length * g + i]])),
      );
      memory.trained.set(this.of(theta, g, TICKET), g * this.P);
    });
    if (round === 0) memory.dense.set(memory.trained);
    this.album.close(round, this.of(memory.start, 0, TICKET), this.of(theta, 0, TICKET));
    ctx.picture('ticket', this.album.ticket(ctx.seeds[0], round + 1));
  }

  /** NaN for what a diverged network does not have: weights that are not finite answer nothing, whatever their argmax. */
  private outcomeOf(s: number, early: number, final: number): Outcome {
    const { stop } = this;
    const isFound = stop.isFound(s);
    return {
      accuracy: isFound ? early : NaN,
      final: Number.isFinite(stop.history(s).at(-1)) ? final : NaN,
      earlyStop: isFound ? this.stepOf(stop.at(s)) : NaN,
      loss: isFound ? stop.score(s) : NaN,
    };
  }

  // -------------------------------------------------------------- the engine

  /** A step under the present masks, from the present first weights. The session is shared with the round before. */
  private async openStepper(): Promise<void> {
    const { program } = this.graphs;
    const { train } = this.sets;
    const { mask, start } = this.memory;
    const before = this.stepper;
    this.stepper = await this.ctx.engine.stepper(program, program.zeroState(start.slice()), {
      train: train.values,
      'train-labels': train.labels,
      mask: mask.slice(),
    });
    await before?.dispose();
  }
  private openRunner(): Promise<Runner> {
    const { validation, test } = this.sets;
    const { validation: batch, widths = LAB_WIDTHS } = this.sizes;
    const rows = validation.rows + test.rows;
    const values = new Float32Array(rows * widths.inputs);
    const labels = new Int32Array(rows);
    values.set(validation.values);
    values.set(test.values, validation.values.length);
    labels.set(validation.labels);
    labels.set(test.labels, validation.rows);
    const program = measureStep({
      models: this.ctx.seeds.length * A,
      batch,
      rows,
      residency: this.ctx.engine.residency,
      widths,
    });
    return this.ctx.engine.runner(program, { rows: values, 'rows-labels': labels });
  }
  private async dispose(): Promise<void> {
    await this.stepper?.dispose();
    await this.runner?.dispose();
    this.stepper = this.runner = null;
  }
}

const times = (a: Float32Array, b: Float32Array): Float32Array => a.map((v, i) => v * b[i]);

function report(sink: Sink, arm: string, seed: number, round: number, values: Record<string, number>): void {
  for (const [metric, value] of Object.entries(values)) sink.point(arm, seed, metric, round, value);
}
