// Part B of the run: trains the stack on bags, and judges it by held-out bags and by test images.
import type { DataSplit } from '../../data/types.ts';
import { batchOrder, type BatchOrder } from '../../util/epochs.ts';
import { mean } from '../../util/stats.ts';
import type { Feeds } from '../../engine/engine.ts';
import type { CustomRun, RunContext } from '../_kit/contract/lab.ts';
import { openReadout, type Readout } from '../_kit/train/readout.ts';
import { openTrainer, type Trainer } from '../_kit/train/trainer.ts';
import { bagError, makeBags, someBags, type ImageBags } from './bagging.ts';
import { predictImages, trainStep } from './neural.ts';
import { RHO_GRID } from './simulate.ts';

export const NEURAL = { rows: 4000, test: 2000, bags: 32, steps: 400, every: 40, rate: 3e-3, heldOut: 0.2, chunk: 500 };
/** Sandal, sneaker, ankle boot. */
const FOOTWEAR = [5, 7, 9];

export interface NeuralPlan {
  k: number;
  rho: number;
  epsilon: number;
  isSorted: boolean;
  logistic: boolean;
  rate?: number;
}
type Sink = Parameters<CustomRun['loop']>[0];
interface Member {
  rho: number;
  own: boolean;
}
interface SeedData {
  seed: number;
  learn: ImageBags;
  held: ImageBags;
  order: BatchOrder;
}

export class NeuralRun {
  /** Largest |L_ins - L_bag - R| that a training step computed in float32; squared error only. */
  identityError = 0;
  private readonly ctx: RunContext;
  private readonly plan: NeuralPlan;
  private readonly members: Member[];
  private readonly train: DataSplit;
  private readonly test: DataSplit;
  private readonly labels: { train: Float32Array; test: Float32Array };
  private readonly cells: SeedData[];
  private trainer: Trainer | null = null;
  private readout: Readout<'f', 'train' | 'test'> | null = null;
  /** Of the newest evaluation, [seed][member]: 1 for each test image that is answered wrongly, their share, and the held-out bag loss. */
  private scores: { wrong: Float32Array; error: number; held: number }[][] = [];

  constructor(ctx: RunContext, plan: NeuralPlan, train: DataSplit, test: DataSplit) {
    this.ctx = ctx;
    this.plan = plan;
    this.train = train;
    this.test = test;
    const footwear = (split: DataSplit) => Float32Array.from(split.labels, (c) => Number(FOOTWEAR.includes(c)));
    this.labels = { train: footwear(train), test: footwear(test) };
    const weights = RHO_GRID.includes(plan.rho) ? RHO_GRID : [...RHO_GRID, plan.rho];
    this.members = [...weights.map((rho) => ({ rho, own: false })), { rho: 1, own: true }];
    this.cells = ctx.seeds.map((seed) => this.deal(seed));
  }
  private get A(): number {
    return this.members.length;
  }

  /** Bags stay as they are for the whole run: new ones every epoch would give single labels away. */
  private deal(seed: number): SeedData {
    const { k, isSorted, epsilon } = this.plan;
    const all = makeBags(this.ctx.prng(seed, 'image-bags'), this.train.values, this.labels.train, k, isSorted, epsilon);
    const count = all.means.length;
    const cut = Math.round(count * (1 - NEURAL.heldOut));
    const learn = someBags(all, 0, cut);
    return {
      seed,
      learn,
      held: someBags(all, cut, count),
      order: batchOrder(this.ctx.prng(seed, 'bag-order'), cut, NEURAL.bags),
    };
  }

  async open(): Promise<void> {
    const { engine, seeds, prng } = this.ctx;
    const { k, logistic, rate = NEURAL.rate } = this.plan;
    this.trainer = await openTrainer(this.ctx, {
      steps: {
        train: trainStep({
          seeds: seeds.length,
          members: this.members,
          bags: NEURAL.bags,
          k,
          rows: this.train.rows,
          residency: engine.residency,
          logistic,
        }),
      },
      // every weight of a seed starts from the same network
      starts: seeds.flatMap((seed) => this.members.map(() => prng(seed, 'network'))),
      sources: { train: this.train.values, labels: this.labels.train },
      feeds: (t) => this.feeds(t),
      rate: () => rate,
    });
    const setOf = ({ rows, values }: DataSplit) => ({ rows, sources: { images: values } });
    this.readout = openReadout(engine, this.trainer.stack, {
      network: (graph) => ({ f: predictImages(graph, { logistic }) }),
      sets: { train: setOf(this.train), test: setOf(this.test) },
      chunk: NEURAL.chunk,
    });
  }

  /** Rows and means of the bags of each seed's batch. */
  private feeds(t: number): Feeds {
    const { k } = this.plan;
    const { bags } = NEURAL;
    const pick = new Int32Array(this.cells.length * bags * k);
    const means = new Float32Array(this.cells.length * bags);
    this.cells.forEach(({ learn, order }, g) =>
      order(t).forEach((bag, b) => {
        pick.set(learn.members.subarray(bag * k, (bag + 1) * k), (g * bags + b) * k);
        means[g * bags + b] = learn.means[bag];
      }),
    );
    return { pick, means };
  }

  /** Step t = 1, 2, ... */
  async step(t: number): Promise<void> {
    await this.trainer!.advance(1);
    if (!this.plan.logistic && t % NEURAL.every === 0) await this.checkIdentity();
  }
  private async checkIdentity(): Promise<void> {
    const { bag, instance, within } = await this.trainer!.metrics();
    bag.forEach((loss, s) => {
      if (this.members[s % this.A].own) return;
      this.identityError = Math.max(this.identityError, Math.abs(instance[s] - loss - within[s]));
    });
  }

  async evaluate(t: number, sink: Sink): Promise<void> {
    const weights = await this.trainer!.weights();
    const { logistic } = this.plan;
    const [train, test] = [await this.readout!.read(weights, 'train'), await this.readout!.read(weights, 'test')];
    this.scores = this.cells.map(({ held }, g) =>
      this.members.map((_, a) => {
        const s = g * this.A + a;
        const wrong = test[s].f.map((f, i) => Number(f >= 0.5 !== (this.labels.test[i] === 1)));
        return {
          wrong,
          error: mean(wrong),
          held: bagError(held, train[s].f, logistic),
        };
      }),
    );
    this.report(t, sink);
  }
  /** Places of the weights of the grid among the members. */
  private get gridIndices(): number[] {
    return this.members.flatMap((m, a) => (!m.own && RHO_GRID.includes(m.rho) ? [a] : []));
  }
  private report(t: number, sink: Sink): void {
    const place = (rho: number) => this.members.findIndex((m) => !m.own && m.rho === rho);
    const least = (of: (a: number) => number) => this.gridIndices.reduce((a, b) => (of(b) < of(a) ? b : a));
    // hindsight knows the test images: one weight for all seeds
    const best = least((a) => mean(this.scores.map((row) => row[a].error)));
    this.cells.forEach(({ seed }, g) => {
      const row = this.scores[g];
      const chosen = least((a) => row[a].held);
      const arms = {
        bag: place(0),
        instance: place(1),
        interpolating: place(this.plan.rho),
        chosen,
        best,
        individual: this.A - 1,
      };
      for (const [arm, a] of Object.entries(arms)) {
        sink.point(arm, seed, 'error', t, row[a].error);
        if (arm !== 'individual') sink.point(arm, seed, 'heldOut', t, row[a].held);
        if (t === NEURAL.steps) sink.examples(arm, seed, { error: row[a].wrong });
      }
    });
  }

  /** Means over seeds for every weight. */
  table() {
    const rows = this.members.map((m, a) => [
      m.own ? 'single answers' : m.rho,
      mean(this.scores.map((r) => r[a].error)),
      m.own ? null : mean(this.scores.map((r) => r[a].held)),
    ]);
    return {
      columns: [
        { label: 'weight ρ', digits: 2 },
        { label: 'test error', percent: true, digits: 1 },
        { label: 'loss on held-out bags', digits: 4 },
      ],
      rows,
    };
  }

  async dispose(): Promise<void> {
    await this.trainer?.dispose();
    await this.readout?.dispose();
  }
}
