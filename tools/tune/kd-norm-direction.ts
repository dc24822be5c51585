// node tools/with-native.mjs tools/tune/kd-norm-direction.ts [--seeds N] [--json FILE]: chooses the weights of the lab's arms.
// Every arm gets the same eight values of its own weight and the same seeds, which the lab's runs do not use; judged on validation images.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fetchFromDisk } from '../../src/data/fetch-disk.ts';
import { openDataStore } from '../../src/data/store.ts';
import { askTeacher, classMeans, unitRows } from '../../src/labs/kd-norm-direction/ask-teacher.ts';
import { armSpecs, BATCH, batchOrder, RATE, sourcesOf } from '../../src/labs/kd-norm-direction/lab.ts';
import { meta } from '../../src/labs/kd-norm-direction/meta.ts';
import { measure } from '../../src/labs/kd-norm-direction/measures.ts';
import {
  embedStep,
  studentChannels,
  trainStep,
  type ArmSpec,
  type Student,
} from '../../src/labs/kd-norm-direction/student.ts';
import { RowRunner } from '../../src/labs/_kit/train/row-runner.ts';
import { cosine } from '../../src/optim/schedules.ts';
import { openEngine } from '../../src/runtime/engine/engine.ts';
import { useNative } from '../../src/runtime/node/node.ts';
import { prng } from '../../src/util/prng.ts';
import { deviation, mean } from '../../src/util/stats.ts';

const STEPS = meta.controls.steps.default;

const GRID = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6];
const FIRST_SEED = 101;
const TRAIN = 2000;
const CHUNK = 500;
const { values: options } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, json: { type: 'string' } },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => FIRST_SEED + i);

useNative();
const engine = await openEngine('cpu');
const store = openDataStore(fetchFromDisk(fileURLToPath(new URL('../../public/', import.meta.url))));
const train = await store.split('fashion', 'train', { rows: TRAIN });
const validation = await store.split('fashion', 'validation');
const teacher = await askTeacher(
  { engine, data: store, signal: new AbortController().signal, status: () => undefined },
  train,
  validation,
);
const directions = unitRows(classMeans(teacher.train.features, train.labels));
const student: Student = { channels: studentChannels(1), adapter: 'main' };
const embedder = await RowRunner.open(engine, {
  program: embedStep({ stack: 1, student, batch: CHUNK, rows: validation.rows, residency: 'host' }),
  sources: { images: validation.values },
  batch: CHUNK,
  stack: 1,
});

/** Validation measures of one arm trained as the lab trains it. */
async function trial(arm: ArmSpec, seed: number) {
  const { program, params } = trainStep({
    arms: [arm],
    student,
    batch: BATCH,
    rows: train.rows,
    temperature: 4,
    residency: 'host',
  });
  const start = prng(seed, 'init');
  const stepper = await engine.stepper(
    program,
    program.zeroState(params.init(start), params.initBuffers(start)),
    sourcesOf(train, teacher.train, directions),
  );
  const rowsOf = batchOrder(prng(seed, 'batches'), train.rows, BATCH);
  const rate = cosine(RATE, STEPS);
  const hasRamp = program.graph.inputs.has('ramp');
  for (let t = 1; t <= STEPS; t++)
    await stepper.step({
      pick: rowsOf(t),
      ...program.rates(t, rate(t)),
      ...(hasRamp ? { ramp: Math.min(1, t / (0.1 * STEPS)) } : {}),
    });
  const [tested] = await embedder.run(
    { theta: await stepper.read('theta'), buffers: await stepper.read('buffers') },
    validation.rows,
  );
  await stepper.dispose();
  return measure(
    { features: tested.features, logits: tested.logits, labels: validation.labels, teacherNorms: teacher.test.norms },
    directions,
  );
}

type Knob = 'wKd' | 'wNd' | 'wCosine' | 'wNorm' | 'dkdOthers';
const knobs: Record<Knob, number> = { wKd: 1, wNd: 0, wCosine: 0, wNorm: 0, dkdOthers: 0 };
const record: Record<string, unknown> = {};
/** Tries the grid for one arm's weight and keeps the value with the best mean accuracy; of equals the smaller. */
async function tune(id: string, knob: Knob | null): Promise<void> {
  const rows: { weight: number | null; accuracies: number[]; cosine: number; normRatio: number }[] = [];
  for (const weight of knob ? GRID : [null]) {
    const arm = armSpecs({ ...knobs, ...(knob ? { [knob]: weight } : {}) }).find((a) => a.id === id)!;
    const results = [];
    for (const seed of seeds) results.push(await trial(arm, seed));
    rows.push({
      weight,
      accuracies: results.map((r) => r.accuracy),
      cosine: mean(results.map((r) => r.cosine)),
      normRatio: mean(results.map((r) => r.normRatio)),
    });
    const { accuracies, cosine: along, normRatio } = rows.at(-1)!;
    console.log(
      `${id} ${weight ?? ''}: validation ${(100 * mean(accuracies)).toFixed(2)} ±${(100 * deviation(accuracies)).toFixed(2)} %, cosine ${along.toFixed(3)}, norm ratio ${normRatio.toFixed(3)}`,
    );
  }
  const best = rows.reduce((a, b) => (mean(b.accuracies) > mean(a.accuracies) + 1e-9 ? b : a));
  if (knob) {
    knobs[knob] = best.weight!;
    console.log(`${id}: ${knob} = ${best.weight}`);
  }
  record[id] = { knob, rows };
}

await tune('ce', null);
await tune('kd', 'wKd');
await tune('nd', 'wNd');
await tune('cosine', 'wCosine');
await tune('norm', 'wNorm');
await tune('dkd', 'dkdOthers');
console.log(JSON.stringify(knobs));
if (options.json) writeFileSync(options.json, JSON.stringify({ seeds, grid: GRID, chosen: knobs, record }, null, 1));
process.exit(0);
