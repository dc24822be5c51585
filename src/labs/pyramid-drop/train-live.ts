// Training in front of the visitor: the same model with all tokens and with PyramidDrop, step by step from the same start.
import { drawAsked, emptyBatch, writeRow, type PackedBatch } from '../../data/scenes/pack.ts';
import { QUESTION_TYPES } from '../../data/scenes/questions.ts';
import { cosine } from '../../optim/schedules.ts';
import type { Prng } from '../../util/prng.ts';
import type { Stepper } from '../../engine/engine.ts';
import type { CustomRun, LabContext } from '../_kit/contract/lab.ts';
import { plansOf, type PlanKnobs } from './arms.ts';
import { checkClaims } from './claims.ts';
import { MINI } from './model.ts';
import { weightsOf } from './models.ts';
import type { PositionMode } from './drop.ts';
import { feedsOf, trainGraph, type TrainOptions, type VlmTrainProgram } from './train-graph.ts';

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

interface Lane {
  arm: string;
  label: string;
  made: VlmTrainProgram;
  stepper: Stepper;
  ms: number;
  losses: number[];
  curve: [seconds: number, loss: number][];
}

async function openLane(
  ctx: Context,
  arm: string,
  label: string,
  batch: number,
  cut: Pick<TrainOptions, 'cuts' | 'positions'>,
  theta: (made: VlmTrainProgram) => Promise<Float32Array>,
): Promise<Lane> {
  const made = trainGraph(MINI, { batch, perImage: 1, ...cut });
  return {
    arm,
    label,
    made,
    stepper: await ctx.engine.stepper(made.program, made.program.zeroState(await theta(made))),
    ms: 0,
    losses: [],
    curve: [],
  };
}
async function advance(
  lane: Lane,
  batch: PackedBatch,
  t: number,
  rate: number,
  auxiliary: number,
): Promise<{ ms: number; loss: number }> {
  const began = performance.now();
  await lane.stepper.step({ ...feedsOf(batch), auxiliary, ...lane.made.program.rates(t, rate) });
  const metrics = await lane.stepper.metrics();
  return { ms: performance.now() - began, loss: metrics[lane.made.program.metrics!.labels.indexOf('answer')] };
}

/** Weights that both lanes start from: fresh ones, or the shipped model that was tuned without drops. */
function starter(ctx: Context, seed: number, start: string): (made: VlmTrainProgram) => Promise<Float32Array> {
  return async ({ params }) => {
    const theta = params.init(ctx.prng(seed, 'train-live', 'init'));
    if (start !== 'scratch') theta.set(await weightsOf(ctx, 'vanilla'));
    return theta;
  };
}

/** Fastest of a few training steps of each kind, taken in turn. */
export async function timeSteps(ctx: Context, positions: PositionMode): Promise<{ vanilla: number; pdrop: number }> {
  const { cuts } = plansOf({ stages: 4, lambda: 0.5, firstCut: 2, rule: 'attention', positions }).plans[1].schedule;
  const begin = starter(ctx, 1, 'scratch');
  const lanes = [
    await openLane(ctx, 'full', '', TIMED_BATCH, {}, begin),
    await openLane(ctx, 'twin', '', TIMED_BATCH, { cuts, positions }, begin),
  ];
  const best = [Infinity, Infinity];
  try {
    const batch = freshBatch(ctx.prng(1, 'time-steps'), TIMED_BATCH);
    for (let t = 0; t <= TIMED && !ctx.signal.aborted; t++)
      for (const [i, lane] of lanes.entries()) {
        const { ms } = await advance(lane, batch, t + 1, 1e-4, 0);
        if (t > 0) best[i] = Math.min(best[i], ms);
      }
  } finally {
    for (const { stepper } of lanes) await stepper.dispose();
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
  async function* loop(sink: Parameters<CustomRun['loop']>[0]): AsyncGenerator<{ done: number }> {
    ctx.status('building the two training graphs');
    const begin = starter(ctx, seed, start);
    const lanes: Lane[] = [];
    const rate = cosine(start === 'scratch' ? RATE.scratch : RATE.shipped, steps, { warmup: WARMUP, floor: 0.05 });
    try {
      lanes.push(
        await openLane(ctx, 'full', 'trained with all tokens', batch, {}, begin),
        await openLane(ctx, 'twin', 'trained with PyramidDrop', batch, { cuts, positions }, begin),
      );
      for (let t = 1; t <= steps; t++) {
        ctx.status('training both, a step each in turn');
        const given = freshBatch(ctx.prng(seed, 'train-live', t), batch);
        for (const lane of lanes) {
          const { ms, loss } = await advance(
            lane,
            given,
            t,
            rate(t),
            start === 'scratch' && t <= steps / 2 ? AUXILIARY : 0,
          );
          note(sink, lane, seed, t, ms, loss);
        }
        if (t % WINDOW === 0 || t === steps) ctx.picture('wall', wallPicture(lanes));
        yield { done: t };
      }
    } finally {
      for (const { stepper } of lanes) await stepper.dispose();
    }
  }
  return { total: steps, loop, claims: checkClaims };
}

/** Loss as a mean over the last few steps; time as a running sum of the lane's own steps, the first one (which compiles) left out. */
function note(
  sink: Parameters<CustomRun['loop']>[0],
  lane: Lane,
  seed: number,
  t: number,
  ms: number,
  loss: number,
): void {
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
