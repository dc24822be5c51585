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
import { askTeacher, classMeans, unitRows } from '../../src/labs/kd-norm-direction/ask-teacher.ts';
import { armSpecs, BATCH, batchOrder, RATE, sourcesOf } from '../../src/labs/kd-norm-direction/lab.ts';
import { studentChannels, trainStep, type ArmSpec } from '../../src/labs/kd-norm-direction/student.ts';
import { TEACHER_FILE, type TeacherWeights } from '../../src/labs/kd-norm-direction/teacher.ts';
import { openEngine } from '../../src/runtime/engine/engine.ts';
import { useDawn, useNative } from '../../src/runtime/node/node.ts';
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
  const { graph } = fromBinary(ModelProtoSchema, new Uint8Array(readFileSync(`${PUBLIC}${TEACHER_FILE}`)));
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
const answers = await askTeacher(
  { engine, data: store, signal: new AbortController().signal, status: () => undefined },
  train,
  test,
);
const askMs = performance.now() - started;
const directions = unitRows(classMeans(answers.train.features, train.labels));
const weights = shippedWeights();

async function open(arms: readonly ArmSpec[], teacher?: TeacherWeights) {
  const { program, params } = trainStep({
    arms,
    student: { channels: studentChannels(1), adapter: 'main' },
    batch: BATCH,
    rows: train.rows,
    temperature: 4,
    residency: engine.residency,
    teacher,
  });
  const starts = arms.map(() => prng(1, 'init'));
  const init = program.zeroState(params.init(...starts), params.initBuffers(...starts));
  const stepper = await engine.stepper(program, init, sourcesOf(train, answers.train, directions));
  const rowsOf = batchOrder(prng(1, 'batches'), train.rows, BATCH);
  const times: number[] = [];
  const first: number[] = [];
  const step = async (): Promise<void> => {
    const t = stepper.steps + 1;
    const from = performance.now();
    await stepper.step({ pick: rowsOf(t), ramp: 1, ...program.rates(t, RATE) });
    const metrics = await stepper.metrics();
    if (t === 1) first.push(...metrics);
    if (t > WARM) times.push(performance.now() - from);
  };
  return { nodes: program.graph.nodes.length, step, times, first, dispose: () => stepper.dispose() };
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
