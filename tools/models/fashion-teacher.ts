// npm run train-models -- fashion-teacher [--seed N] [--threads N] [--epochs N]: trains a teacher of the distillation labs, seeded and
// resumable, keeps the epoch with the best validation accuracy, and writes public/models/fashion-teacher[-N].onnx with its manifest entry.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { augment, VIEW_NUMBERS } from '../../src/data/augment.ts';
import { fetchFromDisk } from '../../src/data/fetch-disk.ts';
import { openDataStore } from '../../src/data/store.ts';
import type { DataSplit } from '../../src/data/types.ts';
import { reshape } from '../../src/graph/builder.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Runner, Stepper } from '../../src/engine/engine.ts';
import { accuracy } from '../../src/losses/accuracy.ts';
import { crossEntropy } from '../../src/losses/cross-entropy.ts';
import { oneHot } from '../../src/losses/one-hot.ts';
import { Params } from '../../src/nn/params.ts';
import { foldTeacher, teacher, TEACHER_BATCH, teacherGraph } from '../../src/nn/zoo/fashion-teacher.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { trainProgram } from '../../src/optim/program.ts';
import { cosine } from '../../src/optim/schedules.ts';
import { sgd } from '../../src/optim/sgd.ts';
import { openEngine } from '../../src/runtime/engine/engine.ts';
import { prng, type Prng } from '../../src/util/prng.ts';
import { loadCheckpoint, openStepper, publishModel, saveCheckpoint } from './trainer.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));
const SIDE = 28;
const CLASSES = 10;
const EPOCHS = 120;
const BATCH = 128;
const RATE = 0.1;
const DECAY = 2e-4;
const MOMENTUM = 0.9;

interface Best {
  epoch: number;
  validation: number;
}
interface Sets {
  train: DataSplit;
  validation: DataSplit;
  test: DataSplit;
}

/** Cross-entropy on augmented views of a batch. */
function trainStep() {
  const g = new Graph();
  const p = new Params(g);
  const views = augment(g.input('images', [BATCH, SIDE, SIDE]), g.input('views', [BATCH, VIEW_NUMBERS]));
  const { logits } = teacher(p, reshape(views, [BATCH, 1, SIDE, SIDE]), false);
  const targets = oneHot(g.input('labels', [BATCH], 'int32'), CLASSES);
  const program = trainProgram({
    params: p,
    loss: crossEntropy(logits, targets),
    optimiser: sgd({ momentum: MOMENTUM, nesterov: true, weightDecay: DECAY }),
    metrics: { accuracy: accuracy(logits, targets) },
  });
  return { program, params: p };
}

/**
 * Views for supervised training, in the format of `augment`: flips, zoom either way by up to 10 %, shifts of up to 2 pixels,
 * brightness +-10 %, and a cut-out of up to 7x7 in half of the images, all times `strength` (flips stay).
 */
function drawSupervisedViews(random: Prng, n: number, strength: number): Float32Array {
  const out = new Float32Array(n * VIEW_NUMBERS);
  const far = (extent: number) => extent * strength * (2 * random.next() - 1);
  for (let i = 0; i < n; i++) {
    const zoom = 1 + far(0.1);
    const flip = random.next() < 0.5 ? -1 : 1;
    const cut = random.next() < 0.5 ? 3.5 * strength * random.next() : 0;
    out.set(
      [
        flip * zoom * (1 + far(0.05)),
        zoom,
        far(2),
        far(2),
        1 + far(0.1),
        random.next() * SIDE,
        random.next() * SIDE,
        cut,
      ],
      i * VIEW_NUMBERS,
    );
  }
  return out;
}
/** Full strength, then falling over the last quarter: the network ends on images like those it will see. */
const strengthAt = (progress: number): number => Math.min(1, 0.1 + 3.6 * (1 - progress));

/** Batch and views of step t = 1, 2, ...: rows in a new order each epoch. */
function feedsAt({ sets: { train }, epochs, perEpoch, seed }: Training, t: number) {
  const epoch = Math.floor((t - 1) / perEpoch);
  const at = ((t - 1) % perEpoch) * BATCH;
  const order = prng(seed, 'fashion-teacher', 'order', epoch).permutation(train.rows);
  const images = new Float32Array(BATCH * SIDE * SIDE);
  const labels = new Int32Array(BATCH);
  for (let i = 0; i < BATCH; i++) {
    const row = order[at + i];
    images.set(train.values.subarray(row * SIDE * SIDE, (row + 1) * SIDE * SIDE), i * SIDE * SIDE);
    labels[i] = train.labels[row];
  }
  return {
    images,
    labels,
    views: drawSupervisedViews(prng(seed, 'fashion-teacher', 'views', t), BATCH, strengthAt(t / (perEpoch * epochs))),
  };
}

/** The folded model with the stepper's present weights, as a file. */
function modelBytes(
  params: Params,
  theta: Float32Array,
  buffers: Float32Array,
  metadata: Record<string, string> = {},
): Uint8Array {
  const weights = foldTeacher((name) =>
    /\.(mean|var)$/.test(name) ? params.bufferPart(buffers, name) : params.part(theta, name),
  );
  return encodeModel(teacherGraph(weights), { name: 'fashion-teacher', metadata });
}

/** Share of rows whose largest logit is the label's. */
async function accuracyOf(runner: Runner, { values, labels, rows }: DataSplit): Promise<number> {
  let right = 0;
  for (let from = 0; from < rows; from += TEACHER_BATCH) {
    const { logits } = await runner.run({
      images: values.subarray(from * SIDE * SIDE, (from + TEACHER_BATCH) * SIDE * SIDE),
    });
    for (let i = 0; i < TEACHER_BATCH; i++) {
      const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
      right += Number(row.indexOf(Math.max(...row)) === labels[from + i]);
    }
  }
  return right / rows;
}
async function accuracyOfBytes(bytes: Uint8Array, set: DataSplit): Promise<number> {
  const engine = await openEngine('cpu');
  const runner = await engine.runner(bytes);
  try {
    return await accuracyOf(runner, set);
  } finally {
    await runner.dispose();
  }
}

interface Training {
  stepper: Stepper;
  params: Params;
  program: ReturnType<typeof trainStep>['program'];
  sets: Sets;
  epochs: number;
  /** Steps of one epoch. */
  perEpoch: number;
  seed: number;
  /** Where checkpoints lie. */
  cache: string;
}

/** Trains to the last epoch, from the checkpoint if there is one; the best weights lie beside it. */
async function trainEpochs(training: Training): Promise<Best> {
  const { stepper, params, program, sets, epochs, perEpoch, cache } = training;
  const rate = cosine(RATE, epochs * perEpoch, { warmup: perEpoch });
  const last = `${cache}last.ckpt`;
  const saved = loadCheckpoint(last);
  if (saved) await stepper.load(saved);
  let best: Best = (saved?.note.best as Best | undefined) ?? { epoch: 0, validation: 0 };
  while (stepper.steps < epochs * perEpoch) {
    const started = performance.now();
    let right = 0;
    do {
      const t = stepper.steps + 1;
      await stepper.step({ ...feedsAt(training, t), ...program.rates(t, rate(t)) });
      right += (await stepper.metrics())[1] / perEpoch;
    } while (stepper.steps % perEpoch);
    const state = await stepper.save();
    const epoch = stepper.steps / perEpoch;
    const validation = await accuracyOfBytes(
      modelBytes(params, state.arrays.theta, state.arrays.buffers),
      sets.validation,
    );
    if (validation > best.validation) {
      best = { epoch, validation };
      saveCheckpoint(`${cache}best.ckpt`, state, { ...best });
    }
    saveCheckpoint(last, state, { best });
    console.log(
      `epoch ${epoch}/${epochs}: train ${(100 * right).toFixed(2)} %, validation ${(100 * validation).toFixed(2)} % (best ${(100 * best.validation).toFixed(2)} at ${best.epoch}), ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
  }
  return best;
}

export async function train(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: '1' },
      epochs: { type: 'string', default: String(EPOCHS) },
    },
  });
  const store = openDataStore(fetchFromDisk(PUBLIC));
  const epochs = Number(values.epochs);
  const seed = Number(values.seed);
  const name = seed === 1 ? 'fashion-teacher' : `fashion-teacher-${seed}`;
  const options = [seed === 1 ? '' : ` --seed ${seed}`, epochs === EPOCHS ? '' : ` --epochs ${epochs}`].join('');
  const sets: Sets = {
    train: await store.split('fashion', 'train'),
    validation: await store.split('fashion', 'validation'),
    test: await store.split('fashion', 'test'),
  };
  const { program, params } = trainStep();
  const random = prng(seed, 'fashion-teacher', 'init');
  const stepper = await openStepper(
    program,
    program.zeroState(params.init(random), params.initBuffers(random)),
    Number(values.threads),
  );
  console.log(
    `${name}: ${params.length} parameters, ${program.graph.nodes.length} nodes, ${sets.train.rows} images, ${epochs} epochs`,
  );
  const cache = `${CACHE}${name}/`;
  const perEpoch = Math.floor(sets.train.rows / BATCH);
  const best = await trainEpochs({ stepper, params, program, sets, epochs, perEpoch, seed, cache });
  await stepper.dispose();
  const { arrays } = loadCheckpoint(`${cache}best.ckpt`)!;
  const recipe = `${epochs} epochs of ${sets.train.rows} Fashion-MNIST images, augmented (flips, zoom, shifts, brightness, cut-outs); SGD with Nesterov momentum ${MOMENTUM}, rate ${RATE} cosine, decay ${DECAY}, batch ${BATCH}; weights of epoch ${best.epoch}, the best on the validation split`;
  const bytes = modelBytes(params, arrays.theta, arrays.buffers, { recipe, seed: String(seed), licence: 'MIT' });
  const test = await accuracyOfBytes(bytes, sets.test);
  publishModel(`${name}.onnx`, bytes, {
    title: seed === 1 ? 'Fashion-MNIST teacher' : `Fashion-MNIST teacher ${seed}`,
    parameters: params.length,
    inputs: `images [${TEACHER_BATCH}, 1, 28, 28] in 0..1`,
    outputs: 'features [.., 64], logits [.., 10]',
    data: 'fashion',
    made: recipe,
    command: `npm run train-models -- fashion-teacher${options}`,
    seed,
    accuracy: { validation: best.validation, test, testRows: sets.test.rows },
    licence: { id: 'MIT', holder: 'Paper Playground' },
  });
  console.log(
    `test accuracy ${(100 * test).toFixed(2)} % on ${sets.test.rows} images; wrote public/models/${name}.onnx, ${bytes.length} bytes`,
  );
}
