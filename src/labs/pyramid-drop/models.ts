// The lab's two shipped models (fine-tuned for the same steps without and with PyramidDrop), opened once per engine.
import type { Engine } from '../../engine/engine.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import { Vlm } from './inference.ts';
import { MINI, patchShape } from './model.ts';
import { readWeights } from './weights.ts';

export type ModelId = 'vanilla' | 'pdrop';
export const MODEL_FILES: Record<ModelId, string> = {
  vanilla: 'models/pd-vlm-mini-vanilla.bin',
  pdrop: 'models/pd-vlm-mini-pdrop.bin',
};
/** What schedules need to know of the model. */
export const SHAPE = { layers: MINI.layers, image: patchShape(MINI)[0] };
export const WIDTHS = { d: MINI.width, m: MINI.hidden };

const opened = new WeakMap<Engine, Map<ModelId, Promise<Vlm>>>();

export const weightsOf = async ({ data }: Pick<LabContext, 'data'>, id: ModelId): Promise<Float32Array> =>
  readWeights(await data.file(MODEL_FILES[id]), MINI);

/** The model on this engine; its graphs live as long as the engine. */
export function openModel(ctx: Pick<LabContext, 'data' | 'engine'>, id: ModelId): Promise<Vlm> {
  const models = opened.get(ctx.engine) ?? new Map<ModelId, Promise<Vlm>>();
  opened.set(ctx.engine, models);
  const known = models.get(id);
  if (known) return known;
  const opening = weightsOf(ctx, id).then((theta) => new Vlm(ctx.engine, MINI, theta));
  models.set(id, opening);
  opening.catch(() => models.delete(id));
  return opening;
}
