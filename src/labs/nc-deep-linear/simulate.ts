// What the picture trains while you look: one arm, with frames at even steps of a logarithmic axis.
import { logSteps } from '../../util/log-steps.ts';
import { prng } from '../../util/prng.ts';
import { horizonOf } from './arms.ts';
import { centred, classMeans, collapseOf, isSimplex, simplexOf, type Collapse } from './collapse.ts';
import { FreeFeatures, type Task } from './model.ts';
import { project, type Projection } from './project.ts';
import { predict, predictClass } from './theory.ts';

const FRAMES_PER_DECADE = 24;
const CHUNK = 1;
const SHOWN_SAMPLES = 14;
const SEED = 1;

export interface Moment extends Collapse {
  step: number;
  /** Free features and what each d x d layer makes of them. */
  layers: Projection[];
}

export interface Simulation {
  task: Task;
  isDone: boolean;
  /** Grows in place. */
  moments: Moment[];
  /** Classes of the rows in `layers`. */
  labels: number[];
}

/** Yields whenever the page may draw; the same numbers every time. */
export function* simulate(task: Task): Generator<Simulation> {
  const model = new FreeFeatures(task, prng(SEED, 'start'));
  const shown = pickSamples(task.sizes);
  const moments = [momentOf(model, shown)];
  const state = (isDone: boolean): Simulation => ({ task, isDone, moments, labels: shown.map((i) => model.labels[i]) });
  yield state(false);
  for (const stop of logSteps(horizonOf(task.lambda), FRAMES_PER_DECADE)) {
    while (model.steps < stop) {
      for (let n = Math.min(CHUNK, stop - model.steps); n > 0; n--) model.step();
      if (model.steps < stop) yield state(false);
    }
    moments.push(momentOf(model, shown));
    yield state(false);
  }
  yield state(true);
}

/** The first few samples of each class. */
function pickSamples(sizes: readonly number[]): number[] {
  let from = 0;
  return sizes.flatMap((n) => {
    const picked = Array.from({ length: Math.min(n, SHOWN_SAMPLES) }, (_, i) => from + i);
    from += n;
    return picked;
  });
}

function momentOf(model: FreeFeatures, shown: readonly number[]): Moment {
  const { task, K, features } = model;
  const d = task.width;
  const raw = classMeans(features.value, task.sizes, d);
  const rows = new Float64Array(shown.length * d);
  shown.forEach((i, at) => rows.set(features.value.subarray(i * d, (i + 1) * d), at * d));
  const layers = Array.from({ length: task.depth }, (_, l) => {
    const means = model.through(raw, l);
    // the simplex is one of centred means
    return project(isSimplex(model) ? centred(means, K, d) : means, model.through(rows, l), K);
  });
  return { ...collapseOf(model), step: Math.max(0.5, model.steps), layers };
}

/**
 * Where the formula puts the means of the free features and of what each layer makes of them: [K, K] each; null where there is none.
 * Every layer has the M-th root of the whole's singular values.
 */
export function predictedMeans(task: Task): Float64Array[] | null {
  const K = task.sizes.length;
  if (task.loss !== 'squared' || task.width < K) return null;
  const layers = Array.from({ length: task.depth }, (_, l) => l);
  if (task.hasBias) {
    const { mean, strength } = predictClass(task, task.sizes[0]);
    return layers.map((l) => simplexOf(K).map((v) => v * mean * strength ** (l / (2 * task.depth))));
  }
  const classes = predict(task);
  return layers.map((l) =>
    Float64Array.from({ length: K * K }, (_, i) =>
      i % (K + 1) === 0 ? classes[i % K].mean * classes[i % K].strength ** (l / (2 * task.depth)) : 0,
    ),
  );
}
