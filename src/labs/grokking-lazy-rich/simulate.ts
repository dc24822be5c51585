// What the picture trains while you look: one network and the linearised one, with a frame at even steps of a logarithmic axis.
import { logSteps } from '../../util/log-steps.ts';
import { prng } from '../../util/prng.ts';
import { HORIZON } from './arms.ts';
import { gramOf } from './kernel.ts';
import { drawProblem, largestRate, type Problem, type Setting } from './problem.ts';
import { Training } from './training.ts';

const FRAMES_PER_DECADE = 30;
/** Steps between two answers to the page. */
const CHUNK = 2;
/** Samples in the picture of the kernel. */
const SHOWN_SAMPLES = 20;
const SEED = 1;

export interface Moment {
  step: number;
  train: number;
  linear: number;
  trace: number;
  misalignment: number;
  test: number;
  alignment: number;
  /** [N], coordinates along the target and along another direction. */
  along: Float64Array;
  across: Float64Array;
  /** [D, D], neurons' mean outer product. */
  moment: Float64Array;
  /** [shown, shown], tangent kernel over α², samples in the order of their targets. */
  gram: Float64Array;
  /** The linearised network. */
  lazyTrain: number;
  lazyTest: number;
}

export interface Simulation {
  setting: Setting;
  /** The rate was lowered to stay stable. */
  isSlowed: boolean;
  hasDiverged: boolean;
  isDone: boolean;
  steps: number;
  fit: number;
  generalise: number;
  /** Grows in place. */
  moments: Moment[];
  shown: number;
}

/** Yields whenever the page may draw; the same numbers every time. */
export function* simulate(wanted: Setting): Generator<Simulation> {
  const rate = Math.min(wanted.rate, largestRate(wanted));
  const problem = drawProblem(prng(SEED, 'toy'), { ...wanted, rate });
  const training = new Training(problem);
  const lazy = new Training(problem, true);
  const samples = orderedInputs(problem);
  const moments = [momentOf(training, lazy, samples)];
  const state = (isDone: boolean): Simulation => ({
    setting: problem.setting,
    isSlowed: rate < wanted.rate,
    hasDiverged: training.hasDiverged,
    isDone,
    steps: training.steps,
    fit: training.fit,
    generalise: training.generalise,
    moments,
    shown: samples.length / wanted.D,
  });
  yield state(false);
  for (const stop of logSteps(HORIZON, FRAMES_PER_DECADE)) {
    while (training.steps < stop) {
      const count = Math.min(CHUNK, stop - training.steps);
      training.advance(count);
      lazy.advance(count);
      if (training.steps < stop) yield state(false);
    }
    if (training.hasDiverged) break;
    moments.push(momentOf(training, lazy, samples));
    yield state(false);
  }
  yield state(true);
}

/** [shown, D]: training inputs from the least target to the greatest, evenly picked. */
function orderedInputs({ x, y, setting: { D, P } }: Problem): Float64Array {
  const order = Array.from(y.keys()).sort((a, b) => y[a] - y[b]);
  const shown = Math.min(SHOWN_SAMPLES, P);
  const out = new Float64Array(shown * D);
  for (let s = 0; s < shown; s++) {
    const p = order[Math.round((s * (P - 1)) / (shown - 1))];
    out.set(x.subarray(p * D, (p + 1) * D), s * D);
  }
  return out;
}

function momentOf(training: Training, lazy: Training, samples: Float64Array): Moment {
  const { network, steps, train, test } = training;
  const { variance, setting } = network.problem;
  const { linear, trace, misalignment } = network.testLoss;
  const { D, N } = setting;
  const w = network.neurons();
  return {
    step: Math.max(0.5, steps),
    train,
    test,
    linear: linear / variance,
    trace: trace / variance,
    misalignment: misalignment / variance,
    alignment: network.alignment,
    along: Float64Array.from({ length: N }, (_, n) => w[n * D]),
    across: Float64Array.from({ length: N }, (_, n) => w[n * D + 1]),
    moment: network.moment(),
    gram: gramOf(network, samples),
    lazyTrain: lazy.train,
    lazyTest: lazy.test,
  };
}
