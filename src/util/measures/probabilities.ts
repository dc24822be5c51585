// Probabilities as the rows of one flat array: softmax of scores, entropy, divergence.

/** Softmax of every row, summed in float64. @param scores [rows, classes] */
export function softmaxRows(scores: ArrayLike<number>, classes: number): Float32Array {
  const out = new Float32Array(scores.length);
  for (let at = 0; at < scores.length; at += classes) {
    let top = -Infinity;
    for (let c = 0; c < classes; c++) top = Math.max(top, scores[at + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(scores[at + c] - top);
    for (let c = 0; c < classes; c++) out[at + c] = Math.exp(scores[at + c] - top) / sum;
  }
  return out;
}

/** H(p) of every row, in nats. @param p [rows, classes] @returns [rows] */
export const entropies = (p: ArrayLike<number>, classes: number): Float32Array =>
  rowSums(p, classes, (share) => (share > 0 ? -share * Math.log(share) : 0));

/** KL(q || p) of every row, in nats; p is floored at 1e-38, which float32 still holds. @param q [rows, classes] @param p [rows, classes] @returns [rows] */
export const divergences = (q: ArrayLike<number>, p: ArrayLike<number>, classes: number): Float32Array =>
  rowSums(q, classes, (share, i) => (share > 0 ? share * Math.log(share / Math.max(p[i], 1e-38)) : 0));

function rowSums(values: ArrayLike<number>, classes: number, term: (value: number, i: number) => number): Float32Array {
  const sums = new Float64Array(values.length / classes);
  for (let i = 0; i < values.length; i++) sums[Math.floor(i / classes)] += term(values[i], i);
  return Float32Array.from(sums);
}
