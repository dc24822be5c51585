// What a vision-language model must reach before it ships, measured on fixed test questions.
import { testSet, type TestItem } from '../../src/data/scenes/pack.ts';
import { KINDS } from '../../src/data/scenes/questions.ts';
import { Examiner, type Measured } from '../../src/labs/pyramid-drop/examine.ts';
import { Vlm } from '../../src/labs/pyramid-drop/inference.ts';
import { patchShape, type VlmSpec } from '../../src/labs/pyramid-drop/model.ts';
import type { Cut } from '../../src/own-model/schedule.ts';
import { openEngine } from '../../src/runtime/engine/engine.ts';
import { useNative } from '../../src/runtime/node/node.ts';

export const TEST_SEED = 2410;
export const TEST_QUESTIONS = 2000;

export interface ModelReport {
  testSeed: number;
  /** All tokens. */
  full: Measured;
  /** PyramidDrop's schedule, attention, positions kept. */
  pyramid: Measured;
  /** No image token reaches the first layer. */
  blind: Measured;
  /** Accuracy of always giving the most frequent answer to each kind of question. */
  majority: number;
}

/** Share of the questions that the commonest answer of their kind gets right. */
function majority(items: readonly TestItem[]): number {
  let right = 0;
  for (const kind of KINDS) {
    const frames = new Set(kind.questions.map((w) => w.join()));
    const counts = new Map<number, number>();
    for (const { question } of items)
      if (frames.has(question.words.join())) counts.set(question.answer, (counts.get(question.answer) ?? 0) + 1);
    right += Math.max(0, ...counts.values());
  }
  return right / items.length;
}

export async function measureModel(spec: VlmSpec, theta: Float32Array, cuts: readonly Cut[]): Promise<ModelReport> {
  useNative();
  const engine = await openEngine('cpu');
  const vlm = new Vlm(engine, spec, theta);
  const items = testSet(TEST_SEED, TEST_QUESTIONS);
  const examiner = new Examiner(vlm, items);
  const model = { layers: spec.layers, image: patchShape(spec)[0] };
  const drop = { rule: 'attention', positions: 'original', seed: 1 } as const;
  try {
    return {
      testSeed: TEST_SEED,
      full: await examiner.run({ ...model, cuts: [] }, drop),
      pyramid: await examiner.run({ ...model, cuts }, drop),
      blind: await examiner.run({ ...model, cuts: [{ layer: 0, keep: 0 }] }, drop),
      majority: majority(items),
    };
  } finally {
    await vlm.dispose();
    await engine.dispose();
  }
}

export interface Gate {
  what: string;
  measured: number;
  wanted: string;
  held: boolean;
}
const atLeast = (what: string, measured: number, bound: number): Gate => ({
  what,
  measured,
  wanted: `>= ${bound}`,
  held: measured >= bound,
});

/** The plan's gates for the pair. */
export function gatesOf(vanilla: ModelReport, pdrop: ModelReport): Gate[] {
  const { perType } = vanilla.full;
  const floor = vanilla.blind.accuracy - vanilla.majority;
  return [
    atLeast('attribute', perType.attribute!, 0.95),
    atLeast('count', perType.count!, 0.95),
    atLeast('exist', perType.exist!, 0.9),
    atLeast('extreme', perType.extreme!, 0.9),
    atLeast('relation', perType.relation!, 0.8),
    { what: 'blind minus majority answer', measured: floor, wanted: '<= 0.03', held: floor <= 0.03 },
    {
      what: 'trained with drops and run with them, minus vanilla with all tokens',
      measured: pdrop.pyramid.accuracy - vanilla.full.accuracy,
      wanted: '>= -0.01',
      held: pdrop.pyramid.accuracy >= vanilla.full.accuracy - 0.01,
    },
  ];
}
export const showGates = (gates: readonly Gate[]): string =>
  gates
    .map((g) => `${g.held ? 'holds' : 'FAILS'}  ${g.what}: ${(100 * g.measured).toFixed(1)} % (${g.wanted})`)
    .join('\n');
