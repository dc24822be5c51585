// One question about one picture: which patches each arm keeps, and what it answers.
import { WORDS, encodeQuestion } from '../../data/scenes/vocabulary.ts';
import { writePatches } from '../../data/scenes/pack.ts';
import type { LabContext } from '../_kit/contract/lab.ts';
import type { ArmPlan } from './arms.ts';
import { runSchedule } from './drop.ts';
import { MINI, patchShape } from './model.ts';
import { openModel } from './models.ts';

/** Patches that are alive from `layer` (0-based) on. */
export interface Survivors {
  layer: number;
  patches: number[];
}
export interface ArmAnswer {
  id: string;
  label: string;
  /** Where the set changes, first entry at layer 0. */
  kept: Survivors[];
  /** The likeliest words, best first. */
  top: { word: string; p: number }[];
}
export interface Asked {
  words: number[];
  arms: ArmAnswer[];
}

const SIDE = MINI.grid.size;
const TOP = 5;

/** @throws Error when the picture has not 48 x 48 x 3 bytes or the question is none of tokens */
export function checkAsk(payload: unknown): { rgb: Uint8Array; words: number[] } {
  const { rgb, words } = (payload ?? {}) as { rgb?: ArrayLike<number>; words?: number[] };
  if (rgb?.length !== SIDE * SIDE * 3)
    throw new Error(
      `ask: expected a picture of ${SIDE} x ${SIDE} x 3 bytes; got ${rgb?.length ?? 'none'}. Choose the picture again.`,
    );
  if (
    !Array.isArray(words) ||
    words.length < 1 ||
    words.length > 5 ||
    !words.every((w) => Number.isInteger(w) && w >= 0 && w < WORDS.length)
  )
    throw new Error('ask: expected one to five words of the vocabulary. Pick a question from the list.');
  return { rgb: Uint8Array.from(rgb), words };
}

/** The `TOP` likeliest words of logits [V]. */
export function likeliest(logits: Float32Array): ArmAnswer['top'] {
  const most = Math.max(...logits);
  const e = Array.from(logits, (v) => Math.exp(v - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e
    .map((v, i) => ({ word: WORDS[i] as string, p: v / sum }))
    .sort((a, b) => b.p - a.p)
    .slice(0, TOP);
}

export async function ask(
  ctx: Pick<LabContext, 'data' | 'engine'>,
  plans: readonly ArmPlan[],
  rgb: Uint8Array,
  words: number[],
): Promise<Asked> {
  const [N, P] = patchShape(MINI);
  const patches = new Float32Array(N * P);
  const arms: ArmAnswer[] = [];
  writePatches(rgb, MINI.grid, patches);
  for (const { id, label, model, schedule, rule, positions } of plans) {
    const vlm = await openModel(ctx, model);
    const kept: Survivors[] = [];
    const end = await runSchedule(
      vlm,
      await vlm.start(patches, encodeQuestion(words)),
      schedule,
      { rule, positions, seed: 1 },
      0,
      (layer, s) => {
        if (s.image !== kept.at(-1)?.patches.length) kept.push({ layer, patches: Array.from(s.patches) });
      },
    );
    arms.push({ id, label, kept, top: likeliest(await vlm.read(end)) });
  }
  return { words, arms };
}

/** Patches alive in a layer. */
export const aliveAt = ({ kept }: Pick<ArmAnswer, 'kept'>, layer: number): number[] =>
  kept.findLast((s) => s.layer <= layer)?.patches ?? [];
