// The trainer's graph against the page's layer-by-layer inference on the shipped weights: logits, ranking scores, kept tokens.
// Nothing is stored: both sides are computed when the test runs, so that new weights need no new golden file. For tests only.
import { packedBatch, type PackedBatch } from '../../../data/scenes/pack.ts';
import { Graph } from '../../../graph/graph.ts';
import { Params } from '../../../nn/params.ts';
import { inferenceProgram } from '../../../optim/program.ts';
import { prng } from '../../../util/prng.ts';
import type { Engine, Feeds } from '../../../engine/engine.ts';
import type { LabContext } from '../../_kit/contract/lab.ts';
import { plansOf } from '../arms.ts';
import { cut, runSchedule } from '../drop.ts';
import { MINI, patchShape } from '../model.ts';
import { openModel, SHAPE, weightsOf, type ModelId } from '../models.ts';
import type { Cut } from '../../../own-model/schedule.ts';
import { feedsOf, losses } from '../train-graph.ts';

export const QUESTIONS = 32;
/** 1e-5: closer scores may be ordered either way by rounding. */
const CLEAR_GAP = 1e-5;
/** The pyramid of the lab's defaults. */
export const CUTS: readonly Cut[] = plansOf({
  stages: 4,
  lambda: 0.5,
  firstCut: 2,
  rule: 'attention',
  positions: 'original',
}).plans[1].schedule.cuts;

/** Per cut: scores of the image tokens alive before it [B, n], and the patches [B, keep] that stay. */
export interface SeenCut {
  scores: number[];
  kept: number[];
}
/** logits: [QUESTIONS, words]. */
export interface Answered {
  logits: number[];
  cuts: SeenCut[];
}
/** `packed`: one picture for eight questions, all tokens (the vanilla model). `pyramid`: a picture each, with drops (its twin). */
export type Course = 'packed' | 'pyramid';
const PLANS: Record<Course, { model: ModelId; perImage: number; cuts: readonly Cut[] }> = {
  packed: { model: 'vanilla', perImage: 8, cuts: [] },
  pyramid: { model: 'pdrop', perImage: 1, cuts: CUTS },
};

const batchOf = (course: Course): PackedBatch => {
  const { perImage } = PLANS[course];
  return packedBatch(prng(2410, 'golden', course), { grid: MINI.grid, batch: QUESTIONS / perImage, perImage });
};
type Context = Pick<LabContext, 'data'> & { engine: Engine };

/** By the graph that trained the model, without its gradient. */
export async function byTrainer(ctx: Context, course: Course): Promise<Answered> {
  const { model, perImage, cuts } = PLANS[course];
  const batch = QUESTIONS / perImage;
  const params = new Params(new Graph());
  const { logits, ranks } = losses(params, { batch, perImage, cuts, positions: 'original' }, MINI);
  const outputs = Object.fromEntries([
    ['logits', logits],
    ...ranks.flatMap(({ scores, kept }, i) => [
      [`scores${i}`, scores],
      [`kept${i}`, kept],
    ]),
  ]);
  const theta = params.init(prng(1, 'golden')); // the auxiliary head is not shipped and not read
  theta.set(await weightsOf(ctx, model));
  const runner = await ctx.engine.runner(inferenceProgram({ params, outputs }));
  try {
    const out = await runner.run({ theta, ...feedsOf(batchOf(course)), auxiliary: 0 } as Feeds);
    let alive = Array.from({ length: batch }, () => Array.from({ length: SHAPE.image }, (_, p) => p));
    return {
      logits: [...out.logits],
      cuts: cuts.map(({ keep }, i) => {
        alive = alive.map((patches, b) =>
          [...out[`kept${i}`].subarray(b * keep, (b + 1) * keep)].map((at) => patches[at]),
        );
        return { scores: [...out[`scores${i}`]], kept: alive.flat() };
      }),
    };
  } finally {
    await runner.dispose();
  }
}

/** By the page's graphs, one layer after the other. */
export async function byLayers(ctx: Context, course: Course): Promise<Answered> {
  const { model, perImage, cuts } = PLANS[course];
  const vlm = await openModel(ctx, model);
  const { patches, questions } = batchOf(course);
  const [N, P] = patchShape(MINI);
  const each = new Float32Array(QUESTIONS * N * P);
  const seen: SeenCut[] = [];
  for (let q = 0; q < QUESTIONS; q++) {
    const from = Math.floor(q / perImage) * N * P;
    each.set(patches.subarray(from, from + N * P), q * N * P);
  }
  let s = await vlm.start(each, questions);
  let layer = 0;
  for (const { layer: next, keep } of cuts) {
    s = await runSchedule(
      vlm,
      s,
      { layers: next, image: SHAPE.image, cuts: [] },
      { rule: 'attention', positions: 'original', seed: 1 },
      layer,
    );
    const scores = [...(await vlm.attention(s, next))];
    s = await cut(vlm, s, next, keep, { rule: 'attention', positions: 'original', seed: 1 });
    seen.push({ scores, kept: [...s.patches] });
    layer = next;
  }
  return { logits: [...(await vlm.read(await vlm.layers(s, layer, SHAPE.layers)))], cuts: seen };
}

export interface Difference {
  logits: number;
  scores: number;
  /** Cuts of a question whose sets had to be equal, and were not. */ wrongSets: number;
  /** Cuts whose sets had to be equal. */ clearSets: number;
}

/** Compares question by question, up to the first cut that rounding may decide. */
export function differenceOf(want: Answered, got: Answered): Difference {
  const out: Difference = { logits: 0, scores: 0, wrongSets: 0, clearSets: 0 };
  const worst = (a: number[], b: number[]) =>
    a.reduce((w, v, i) => (Math.abs(v - b[i]) <= w ? w : Math.abs(v - b[i])), a.length === b.length ? 0 : Infinity);
  for (let q = 0; q < QUESTIONS; q++) {
    const part = (values: number[]) =>
      values.slice((q * values.length) / QUESTIONS, ((q + 1) * values.length) / QUESTIONS);
    let isClear = true;
    for (const [i, { scores, kept }] of want.cuts.entries()) {
      const own = part(scores);
      const stay = part(kept);
      const sorted = own.toSorted((a, b) => b - a);
      const isEqual = stay.join() === part(got.cuts[i].kept).join();
      out.scores = Math.max(out.scores, worst(own, part(got.cuts[i].scores)));
      if (sorted[stay.length - 1] - sorted[stay.length] > CLEAR_GAP) {
        out.clearSets++;
        if (!isEqual) out.wrongSets++;
      }
      if (!isEqual) {
        isClear = false;
        break;
      }
    }
    if (isClear) out.logits = Math.max(out.logits, worst(part(want.logits), part(got.logits)));
  }
  return out;
}
