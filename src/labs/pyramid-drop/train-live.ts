// Training in front of the visitor: the same model with all tokens and with PyramidDrop, step by step from the same start.
import { drawAsked, emptyBatch, writeRow, type PackedBatch } from '../../data/scenes/pack.ts';
import { QUESTION_TYPES } from '../../data/scenes/questions.ts';
import { cosine } from '../../optim/schedules.ts';
import type { Prng } from '../../util/prng.ts';
import type { CustomRun, LabContext } from '../_kit/contract/lab.ts';
import { openTrainer, type Trainer } from '../_kit/train/trainer.ts';
import { plansOf, type PlanKnobs } from './arms.ts';
import { checkClaims } from './claims.ts';
import { MINI } from './model.ts';
import { weightsOf } from './models.ts';
import type { PositionMode } from './drop.ts';
import { feedsOf, trainGraph, type TrainOptions } from './train-graph.ts';

export interface TrainKnobs extends PlanKnobs {
  start: string;
  steps: number;
  batch: number;
}
const RATE = { scratch: 2e-3, shipped: 8e-4 };
const AUXILIARY = 0.3;
const WARMUP = 20;
const WINDOW = 5;
const TIMED = 4;
const TIMED_BATCH = 32;
type Sink = Parameters<CustomRun['loop']>[0];
type Context = Pick<LabContext, 'engine' | 'data' | 'prng' | 'seeds' | 'status' | 'picture' | 'signal'>;

/** `batch` fresh scenes with one question each. */
export function freshBatch(rng: Prng, batch: number): PackedBatch {
  const out = emptyBatch(MINI.grid, batch, 1);
  for (let b = 0; b < batch; b++) {
    const { scene, questions } = drawAsked(rng, 1, QUESTION_TYPES);
    writeRow(out, b, MINI.grid, scene, questions);
  }
  return out;
}

/** What both lanes of a training are fed at a step. */
interface Given {
  batch: PackedBatch;
  rate: number;
  auxiliary: number;
}
interface Lane {
  arm: string;
  label: string;
  trainer: Trainer;
  ms: number;
  losses: number[];
  curve: [seconds: number, loss: number][];
}
interface LaneSpec {
  seed: number;
  /** From the shipped model that was tuned without drops, or from fresh weights. */
  isShipped: boolean;
  batch: number;
  /** Of the lane with drops. */
  drops: Required<Pick<TrainOptions, 'cuts' | 'positions'>>;
  given(): Given;
}

/** Both lanes, all tokens first. They start from the same weights. */
async function openLanes(ctx: Context, { seed, isShipped, batch, drops, given }: LaneSpec): Promise<Lane[]> {
  const shipped = isShipped ? await weightsOf(ctx, 'vanilla') : [];
  const open = async (arm: string, label: string, cut: Partial<typeof drops>): Promise<Lane> => {
    const step = trainGraph(MINI, { batch, perImage: 1, ...cut });
    // the file lacks what only training reads, the last part of the weights
    const theta = step.params.init(ctx.prng(seed, 'train-live', 'init'));
    theta.set(shipped);
    const trainer = await openTrainer(ctx, {
      steps: { train: step },
      starts: [ctx.prng(seed, 'train-live', 'init')],
      init: { theta },
      feeds: () => ({ ...feedsOf(given().batch), auxiliary: given().auxiliary }),
      rate: () => given().rate,
    });
    return { arm, label, trainer, ms: 0, losses: [], curve: [] };
  };
  const full = await open('full', 'trained with all tokens', {});
  try {
    return [full, await open('twin', 'trained with PyramidDrop', drops)];
  } catch (error) {
    await close([full]);
    throw error;
  }
}
async function close(lanes: readonly Lane[]): Promise<void> {
  for (const { trainer } of lanes) await trainer.dispose();
}

/** One step. */
async function advance({ trainer }: Lane): Promise<{ ms: number; loss: number }> {
  const began = performance.now();
  await trainer.advance(1);
  const { answer } = await trainer.metrics();
  return { ms: performance.now() - began, loss: answer[0] };
}

/** Fastest of a few training steps of each kind, taken in turn. */
export async function timeSteps(ctx: Context, positions: PositionMode): Promise<{ vanilla: number; pdrop: number }> {
  const { cuts } = plansOf({ stages: 4, lambda: 0.5, firstCut: 2, rule: 'attention', positions }).plans[1].schedule;
  const given = { batch: freshBatch(ctx.prng(1, 'time-steps'), TIMED_BATCH), rate: 1e-4, auxiliary: 0 };
  const lanes = await openLanes(ctx, {
    seed: 1,
    isShipped: false,
    batch: TIMED_BATCH,
    drops: { cuts, positions },
    given: () => given,
  });
  const best = [Infinity, Infinity];
  try {
    for (let t = 0; t <= TIMED && !ctx.signal.aborted; t++)
      for (const [i, lane] of lanes.entries()) {
        const { ms } = await advance(lane);
        if (t > 0) best[i] = Math.min(best[i], ms);
      }
  } finally {
    await close(lanes);
  }
  return { vanilla: best[0], pdrop: best[1] };
}

/** Both trainings in turn, one step each, on the same batches. */
export function trainLive(ctx: Context, knobs: TrainKnobs): Pick<CustomRun, 'total' | 'loop' | 'claims'> {
  const seed = ctx.seeds[0];
  const { start, steps, batch } = knobs;
  const {
    schedule: { cuts },
    positions,
  } = plansOf(knobs).plans[1];
  const isShipped = start !== 'scratch';
  const rate = cosine(isShipped ? RATE.shipped : RATE.scratch, steps, { warmup: WARMUP, floor: 0.05 });
  const givenAt = (t: number): Given => ({
    batch: freshBatch(ctx.prng(seed, 'train-live', t), batch),
    rate: rate(t),
    auxiliary: !isShipped && t <= steps / 2 ? AUXILIARY : 0,
  });

  async function* loop(sink: Sink): AsyncGenerator<{ done: number }> {
    ctx.status('building the two training graphs');
    let given = givenAt(1);
    const lanes = await openLanes(ctx, { seed, isShipped, batch, drops: { cuts, positions }, given: () => given });
    try {
      for (let t = 1; t <= steps; t++) {
        ctx.status('training both, a step each in turn');
        // drawn once for both, outside of what is timed
        given = givenAt(t);
        for (const lane of lanes) note(sink, lane, seed, t, await advance(lane));
        if (t % WINDOW === 0 || t === steps) ctx.picture('wall', wallPicture(lanes));
        yield { done: t };
      }
    } finally {
      await close(lanes);
    }
  }
  return { total: steps, loop, claims: checkClaims };
}

/** Loss as a mean over the last few steps; time as a running sum of the lane's own steps, the first one (which compiles) left out. */
function note(sink: Sink, lane: Lane, seed: number, t: number, { ms, loss }: { ms: number; loss: number }): void {
  if (t > 1) lane.ms += ms;
  lane.losses = [...lane.losses, loss].slice(-WINDOW);
  if (t % WINDOW) return;
  const smooth = lane.losses.reduce((a, b) => a + b, 0) / lane.losses.length;
  lane.curve.push([lane.ms / 1000, smooth]);
  sink.point(lane.arm, seed, 'loss', t, smooth);
  sink.point(lane.arm, seed, 'stepMs', t, lane.ms / (t - 1));
}
function wallPicture(lanes: readonly Lane[]) {
  const all = lanes.flatMap(({ curve }, group) => curve.map(([x, y]) => ({ x, y, group })));
  return {
    x: all.map((p) => p.x),
    y: all.map((p) => p.y),
    group: all.map((p) => p.group),
    groups: lanes.map((l) => l.label),
    arms: lanes.map((l) => l.arm),
    xLabel: 'seconds of its own steps',
    yLabel: 'loss',
  };
}
