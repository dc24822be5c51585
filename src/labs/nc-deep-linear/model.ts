// Free features and M linear layers, trained by gradient descent with momentum in float64. The layers are multiplied first, so that a step costs
// K·d·N instead of d²·N for each layer; the gradient is the same.
import type { StepperState } from '../../engine/engine.ts';
import { bitsToDoubles, doublesToBits } from '../../util/float-bits.ts';
import type { Prng } from '../../util/prng.ts';
import type { Design } from './theory.ts';

export type Loss = 'squared' | 'cross-entropy';

export interface Task extends Design {
  /** Feature dimensions d. */
  width: number;
  loss: Loss;
  hasBias: boolean;
}

/** Learning rate and momentum of full-batch gradient descent. */
export const RATE = 0.1;
export const MOMENTUM = 0.9;
/** Standard deviation of the features at the start, and of the weights times √d: large enough that no living class is caught at zero. */
export const START = { features: 0.3, weights: 1 };

interface Parameter {
  value: Float64Array;
  velocity: Float64Array;
  gradient: Float64Array;
}

export class FreeFeatures {
  readonly task: Task;
  readonly K: number;
  readonly N: number;
  /** Class of every sample; samples of a class are neighbours. */
  readonly labels: Int32Array;
  /** [N, d], one row a sample. */
  readonly features: Parameter;
  /** W_1 .. W_M: [d, d], the last [K, d]. */
  readonly layers: Parameter[];
  /** [K] */
  readonly bias: Parameter;
  steps = 0;
  /** Loss with its decay, before the last step. */
  loss = NaN;

  constructor(task: Task, random: Prng) {
    const { sizes, width: d, depth } = task;
    this.task = task;
    this.K = sizes.length;
    this.labels = Int32Array.from(sizes.flatMap((n, k) => new Array<number>(n).fill(k)));
    this.N = this.labels.length;
    this.features = drawn(random.fork('features'), this.N * d, START.features);
    this.layers = Array.from({ length: depth }, (_, l) =>
      drawn(random.fork('layer', l), (l === depth - 1 ? this.K : d) * d, START.weights / Math.sqrt(d)),
    );
    this.bias = {
      value: new Float64Array(this.K),
      velocity: new Float64Array(this.K),
      gradient: new Float64Array(this.K),
    };
  }

  /** [K, d], W_M···W_1. */
  product(): Float64Array {
    const { layers, K, task } = this;
    return layers
      .slice(0, -1)
      .reduceRight((left, layer) => times(left, layer.value, K, task.width), last(layers).value);
  }

  step(): void {
    const { task, features, layers, bias } = this;
    this.loss = this.differentiate();
    for (const parameter of [features, ...layers]) move(parameter, task.lambda);
    if (task.hasBias) move(bias, 0);
    this.steps++;
  }

  /** Fills the gradients of the data term. @returns the whole loss */
  differentiate(): number {
    const { task, K, N, features, labels, bias } = this;
    const d = task.width;
    const P = this.product();
    const slope = new Float64Array(K * d);
    const out = new Float64Array(K);
    let data = 0;
    bias.gradient.fill(0);
    for (let i = 0; i < N; i++) {
      const at = i * d;
      outputOf(P, features.value, at, bias.value, out);
      data += task.loss === 'squared' ? squared(out, labels[i]) : crossEntropy(out, labels[i]);
      for (let j = 0; j < d; j++) features.gradient[at + j] = 0;
      for (let k = 0; k < K; k++) {
        const e = out[k] / N;
        bias.gradient[k] += e;
        const row = k * d;
        for (let j = 0; j < d; j++) {
          slope[row + j] += e * features.value[at + j];
          features.gradient[at + j] += e * P[row + j];
        }
      }
    }
    this.shareOut(slope);
    return (
      data / N + (task.lambda / 2) * (square(features.value) + this.layers.reduce((s, l) => s + square(l.value), 0))
    );
  }

  /** Rows [n, d] of features after the first `count` of the d x d layers. */
  through(rows: Float64Array, count: number): Float64Array {
    const d = this.task.width;
    const first = this.layers.slice(0, Math.min(count, this.layers.length - 1));
    return first.reduce((h, { value }) => times(h, transposed(value, d, d), h.length / d, d), rows);
  }

  save(): StepperState {
    const all = this.parameters();
    return {
      steps: this.steps,
      arrays: {
        loss: doublesToBits([this.loss]),
        ...Object.fromEntries(
          all.flatMap(({ value, velocity }, i) => [
            [`value ${i}`, doublesToBits(value)],
            [`velocity ${i}`, doublesToBits(velocity)],
          ]),
        ),
      },
    };
  }
  load({ steps, arrays }: StepperState): void {
    this.steps = steps;
    [this.loss] = bitsToDoubles(arrays.loss);
    this.parameters().forEach(({ value, velocity }, i) => {
      value.set(bitsToDoubles(arrays[`value ${i}`]));
      velocity.set(bitsToDoubles(arrays[`velocity ${i}`]));
    });
  }

  private parameters(): Parameter[] {
    return [this.features, ...this.layers, this.bias];
  }

  /** From the gradient of the product W_M···W_1 to that of every layer: left factorᵀ · slope · right factorᵀ. */
  private shareOut(slope: Float64Array): void {
    const { layers, task, K } = this;
    const d = task.width;
    const M = layers.length;
    // right[l] = W_l···W_1 with right[0] the identity, left[l] = W_M···W_(l+2)
    const right: Float64Array[] = [];
    for (let l = 0; l < M - 1; l++) right.push(l === 0 ? layers[0].value : times(layers[l].value, right[l - 1], d, d));
    let left: Float64Array | null = null;
    for (let l = M - 1; l >= 0; l--) {
      const through = l === 0 ? slope : times(slope, transposed(right[l - 1], d, d), K, d);
      layers[l].gradient.set(left ? crossed(left, through, K, d) : through);
      left = left ? times(left, layers[l].value, K, d) : layers[l].value;
    }
  }
}

const last = <T>(list: readonly T[]): T => list[list.length - 1];

const drawn = (random: Prng, size: number, scale: number): Parameter => ({
  value: Float64Array.from(random.normals(size, scale)),
  velocity: new Float64Array(size),
  gradient: new Float64Array(size),
});

/** Momentum with the decay as part of the loss. */
function move({ value, velocity, gradient }: Parameter, decay: number): void {
  for (let i = 0; i < value.length; i++) {
    velocity[i] = MOMENTUM * velocity[i] + gradient[i] + decay * value[i];
    value[i] -= RATE * velocity[i];
  }
}

/** P h + bias for the row of `rows` that starts at `at`. */
function outputOf(P: Float64Array, rows: Float64Array, at: number, bias: Float64Array, out: Float64Array): void {
  const d = P.length / out.length;
  for (let k = 0; k < out.length; k++) {
    let sum = bias[k];
    for (let j = 0; j < d; j++) sum += P[k * d + j] * rows[at + j];
    out[k] = sum;
  }
}

/** Half the squared error against a one-hot target; leaves the slope in `out`. */
function squared(out: Float64Array, label: number): number {
  out[label] -= 1;
  return square(out) / 2;
}

/** Softmax cross-entropy; leaves the slope in `out`. */
function crossEntropy(out: Float64Array, label: number): number {
  const most = Math.max(...out);
  const own = out[label] - most;
  let sum = 0;
  for (let k = 0; k < out.length; k++) sum += out[k] = Math.exp(out[k] - most);
  for (let k = 0; k < out.length; k++) out[k] /= sum;
  out[label] -= 1;
  return Math.log(sum) - own;
}

const square = (a: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * a[i];
  return sum;
};

/** a [rows, d] times b [d, d]. */
function times(a: Float64Array, b: Float64Array, rows: number, d: number): Float64Array {
  const out = new Float64Array(rows * d);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < d; k++) {
      const v = a[i * d + k];
      for (let j = 0; j < d; j++) out[i * d + j] += v * b[k * d + j];
    }
  return out;
}

/** aᵀ b of a, b [K, d]: [d, d]. */
function crossed(a: Float64Array, b: Float64Array, K: number, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let k = 0; k < K; k++)
    for (let i = 0; i < d; i++) {
      const v = a[k * d + i];
      for (let j = 0; j < d; j++) out[i * d + j] += v * b[k * d + j];
    }
  return out;
}

function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j];
  return out;
}
