// node tools/with-native.mjs tools/measure/teacher-cost.ts [--steps N] [--ep cpu|wasm|webgpu]: what a distillation step costs when the
// teacher's answers are stored, against running the teacher inside every step. Medians of interleaved steps, after a warm-up of both.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { fetchFromDisk } from '../../src/data/fetch-disk.ts';
import { openDataStore } from '../../src/data/store.ts';
import type { Backend } from '../../src/engine/engine.ts';
import { armsStep } from '../../src/labs/_kit/train/arms-trial.ts';
import type { Arm } from '../../src/labs/_kit/train/model-graph.ts';
import { openTrainer } from '../../src/labs/_kit/train/trainer.ts';
import { classMeans, unitRows } from '../../src/labs/kd-norm-direction/directions.ts';
import { armSpecs, BATCH, RATE, sourcesOf } from '../../src/labs/kd-norm-direction/lab.ts';
import { studentChannels, studentStep, type Term } from '../../src/labs/kd-norm-direction/student.ts';
import { askTeacher } from '../../src/labs/kd-norm-direction/teacher-answers.ts';
import { FASHION_TEACHERS } from '../../src/labs/_kit/train/fashion-teachers.ts';
import type { TeacherWeights } from '../../src/nn/zoo/fashion-teacher.ts';
import { openEngine } from '../../src/runtime/engine/engine.ts';
import { useDawn, useNative } from '../../src/runtime/node/node.ts';
import { batchOrder } from '../../src/util/epochs.ts';
import { prng } from '../../src/util/prng.ts';
import { median } from '../../src/util/stats.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const TRAIN = 2000;
const TEST = 200;
const WARM = 20;
const { values: options } = parseArgs({
  options: { steps: { type: 'string', default: '150' }, ep: { type: 'string', default: 'cpu' } },
});

/** The weights inside the shipped file, in the order of its layers. */
function shippedWeights(): TeacherWeights {
  const { graph } = fromBinary(ModelProtoSchema, new Uint8Array(readFileSync(`${PUBLIC}${FASHION_TEACHERS[0]}`)));
  const values = new Map(graph!.initializer.map((t) => [t.name, new Float32Array(t.rawData.slice().buffer)]));
  const layers = (op: string) =>
    graph!.node.filter((n) => n.opType === op).map((n) => ({ w: values.get(n.input[1])!, b: values.get(n.input[2])! }));
  const [feature, classifier] = layers('Gemm');
  return { convs: layers('Conv'), feature, classifier };
}

if (options.ep === 'webgpu') await useDawn();
else useNative();
const engine = await openEngine(options.ep as Backend);
const store = openDataStore(fetchFromDisk(PUBLIC));
const train = await store.split('fashion', 'train', { rows: TRAIN });
const test = await store.split('fashion', 'test', { rows: TEST });
const started = performance.now();
const ctx = { engine, signal: new AbortController().signal, status: () => undefined };
const file = await store.file(FASHION_TEACHERS[0]);
const teacher = {
  train: await askTeacher(ctx, file, train, 'training'),
  test: await askTeacher(ctx, file, test, 'test'),
};
const askMs = performance.now() - started;
const directions = unitRows(classMeans(teacher.train.features, train.labels));
const weights = shippedWeights();

async function open(arms: readonly Arm<Term[]>[], inside?: TeacherWeights) {
  const student = { channels: studentChannels(1), adapter: 'main' as const };
  const sources = sourcesOf({ train, teacher, directions });
  const { numbers, ...step } = armsStep<Term[]>(
    { batch: BATCH, sources, step: (graph) => studentStep(graph, { student, temperature: 4, teacher: inside }) },
    arms,
    engine.residency,
  );
  const rows = batchOrder(prng(1, 'batches'), train.rows, BATCH);
  const trainer = await openTrainer(ctx, {
    steps: { train: step },
    starts: arms.map(() => prng(1, 'init')),
    sources,
    feeds: (t) => ({ ...numbers, pick: rows(t), ramp: 1 }),
    rate: () => RATE,
  });
  const times: number[] = [];
  const first: number[] = [];
  const advance = async (): Promise<void> => {
    const from = performance.now();
    await trainer.advance(1);
    const metrics = await trainer.metrics();
    if (trainer.steps === 1) first.push(...metrics.loss, ...metrics.ce);
    if (trainer.steps > WARM) times.push(performance.now() - from);
  };
  return { nodes: step.program.graph.nodes.length, step: advance, times, first, dispose: () => trainer.dispose() };
}

const all = armSpecs({ wKd: 1, wNd: 2, wCosine: 2, wNorm: 2, dkdOthers: 2 });
console.log(`${engine.backend}: the teacher's answers for ${TRAIN + TEST} images took ${askMs.toFixed(0)} ms, once`);
for (const [name, arms] of [
  ['KD++ alone', all.filter((a) => a.id === 'nd')],
  ['six arms stacked', all],
] as const) {
  const pair = [await open(arms), await open(arms, weights)];
  for (let i = 0; i < WARM + Number(options.steps); i++) for (const one of pair) await one.step();
  const [cached, again] = pair;
  console.log(
    `${name}: stored ${cached.nodes} nodes, ${median(cached.times).toFixed(2)} ms a step; recomputed ${again.nodes} nodes, ${median(again.times).toFixed(2)} ms a step (first losses differ by ${Math.max(...cached.first.map((v, i) => Math.abs(v - again.first[i]))).toExponential(1)})`,
  );
  for (const one of pair) await one.dispose();
}
process.exit(0);
