// How far the classes have collapsed: NC1 (samples to their means), NC2 (the geometry of means and rows), NC3 (rows to means).
import { symmetricEigen } from '../../util/linear-algebra.ts';
import type { FreeFeatures } from './model.ts';
import { predict, type ClassPrediction } from './theory.ts';

export interface Collapse {
  /** tr(Σ_W Σ_B⁺) / K; means centred at their own mean. */
  nc1: number;
  /** Distance of the means' Gram matrix from its prediction, both divided by their norms. */
  nc2Means: number;
  /** The same for the rows of W. */
  nc2Rows: number;
  /** The same for W times the means. */
  nc3: number;
  /** Lengths of the class means, as they are. */
  means: number[];
  /** Lengths of the rows of W. */
  rows: number[];
  /** [K, K], the means' Gram matrix, of centred means where the target is a simplex. */
  gram: Float64Array;
}

/** Means [K, d] of rows [N, d] whose classes are neighbours. */
export function classMeans(rows: Float64Array, sizes: readonly number[], d: number): Float64Array {
  const out = new Float64Array(sizes.length * d);
  let at = 0;
  sizes.forEach((n, k) => {
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) out[k * d + j] += rows[at++] / n;
  });
  return out;
}

/** Whether classes open to a simplex: with a bias or under cross-entropy; else they stand orthogonal. */
export const isSimplex = ({ task }: Pick<FreeFeatures, 'task'>): boolean =>
  task.hasBias || task.loss === 'cross-entropy';

/** [K, K] targets of the means' Gram matrix, of the rows' and of W times means, up to a factor each. */
export function targetsOf(model: Pick<FreeFeatures, 'task'>): {
  means: Float64Array;
  rows: Float64Array;
  both: Float64Array;
} {
  const { sizes } = model.task;
  if (isSimplex(model)) {
    const simplex = simplexOf(sizes.length);
    return { means: simplex, rows: simplex, both: simplex };
  }
  const classes = predict(model.task);
  const diagonal = (of: (c: ClassPrediction) => number) => diagonalOf(classes.map(of));
  return { means: diagonal((c) => c.mean ** 2), rows: diagonal((c) => c.strength), both: diagonal((c) => c.output) };
}

export function collapseOf(model: FreeFeatures): Collapse {
  const { task, features, K } = model;
  const d = task.width;
  const raw = classMeans(features.value, task.sizes, d);
  const centre = centred(raw, K, d);
  const means = isSimplex(model) ? centre : raw;
  const W = model.product();
  const gram = inner(means, means, K, d);
  const target = targetsOf(model);
  return {
    nc1: withinOverBetween(features.value, raw, centre, task.sizes, d),
    nc2Means: shapeDistance(gram, target.means),
    nc2Rows: shapeDistance(inner(W, W, K, d), target.rows),
    nc3: shapeDistance(inner(W, means, K, d), target.both),
    means: lengths(raw, K, d),
    rows: lengths(W, K, d),
    gram,
  };
}

/** tr(Σ_W Σ_B⁺) / K, by the K x K Gram matrix of the centred means: Σ_B = CᵀC / K, so Σ_B⁺ = K Cᵀ (C Cᵀ)⁺² C. */
export function withinOverBetween(
  rows: Float64Array,
  means: Float64Array,
  centre: Float64Array,
  sizes: readonly number[],
  d: number,
): number {
  const K = sizes.length;
  const { values, vectors } = symmetricEigen(inner(centre, centre, K, d), K);
  let sum = 0;
  for (let v = 0; v < K; v++) {
    if (!(values[v] > 1e-9 * values[0])) continue;
    // direction of the means' spread: Σ_k u_k c_k / √value
    const axis = combined(vectors.subarray(v * K, (v + 1) * K), centre, d);
    sum += (K * spreadAlong(axis, rows, means, sizes, d)) / values[v] ** 2;
  }
  return sum / K;
}

/** Mean of (axis·(h - mean of its class))² over all samples. */
function spreadAlong(
  axis: Float64Array,
  rows: Float64Array,
  means: Float64Array,
  sizes: readonly number[],
  d: number,
): number {
  let at = 0;
  let sum = 0;
  sizes.forEach((n, k) => {
    for (let i = 0; i < n; i++) {
      let along = 0;
      for (let j = 0; j < d; j++) along += axis[j] * (rows[at++] - means[k * d + j]);
      sum += along * along;
    }
  });
  return (sum * d) / rows.length;
}

function combined(weights: Float64Array, rows: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d);
  for (let i = 0; i < rows.length; i++) out[i % d] += weights[Math.floor(i / d)] * rows[i];
  return out;
}

export function centred(means: Float64Array, K: number, d: number): Float64Array {
  const middle = combined(new Float64Array(K).fill(1 / K), means, d);
  return means.map((v, i) => v - middle[i % d]);
}

/** a bᵀ of a, b [K, d]: [K, K]. */
export function inner(a: Float64Array, b: Float64Array, K: number, d: number): Float64Array {
  const out = new Float64Array(K * K);
  for (let k = 0; k < K; k++)
    for (let l = 0; l < K; l++) for (let j = 0; j < d; j++) out[k * K + l] += a[k * d + j] * b[l * d + j];
  return out;
}

const norm = (a: Float64Array): number => Math.sqrt(a.reduce((s, v) => s + v * v, 0));
const lengths = (rows: Float64Array, K: number, d: number): number[] =>
  Array.from({ length: K }, (_, k) => norm(rows.subarray(k * d, (k + 1) * d)));

/** | a/|a| - b/|b| | */
export function shapeDistance(a: Float64Array, b: Float64Array): number {
  const [of, to] = [norm(a), norm(b)];
  return norm(a.map((v, i) => v / of - b[i] / to));
}

/** I - 11ᵀ/K */
export const simplexOf = (K: number): Float64Array =>
  Float64Array.from({ length: K * K }, (_, i) => (i % (K + 1) === 0 ? 1 : 0) - 1 / K);

/** A diagonal matrix. */
export const diagonalOf = (values: readonly number[]): Float64Array => {
  const K = values.length;
  return Float64Array.from({ length: K * K }, (_, i) => (i % (K + 1) === 0 ? values[i % K] : 0));
};
