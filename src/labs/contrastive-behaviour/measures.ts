// Uniformity, tolerance and the pulls of negatives, on embeddings of test images.

/** log E exp(-t |f(x) - f(y)|^2), t = 2, over all pairs x != y (Wang & Isola 2020). z: unit rows [n, d]. More negative is more uniform. */
export function uniformity(z: ArrayLike<number>, n: number, d: number, t = 2): number {
  let total = 0;
  eachPair(z, n, d, (cosine) => {
    total += Math.exp(-t * (2 - 2 * cosine));
  });
  return Math.log(total / ((n * (n - 1)) / 2));
}
/** Mean cosine of pairs of one class (the paper's tolerance, divided by the share of such pairs, which is a constant). */
export function tolerance(z: ArrayLike<number>, labels: ArrayLike<number>, n: number, d: number): number {
  let total = 0;
  let count = 0;
  eachPair(z, n, d, (cosine, i, j) => {
    if (labels[i] === labels[j]) {
      total += cosine;
      count++;
    }
  });
  return total / count;
}
/** Mean cosine of all pairs: 1 when everything has collapsed to one point. */
export function meanCosine(z: ArrayLike<number>, n: number, d: number): number {
  let total = 0;
  eachPair(z, n, d, (cosine) => {
    total += cosine;
  });
  return total / ((n * (n - 1)) / 2);
}
function eachPair(z: ArrayLike<number>, n: number, d: number, f: (cosine: number, i: number, j: number) => void): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      let cosine = 0;
      for (let k = 0; k < d; k++) cosine += z[i * d + k] * z[j * d + k];
      f(cosine, i, j);
    }
}

/** r_i(s_ij) = exp(s_ij / tau) / sum_k exp(s_ik / tau) over k != i: how hard each negative is pushed. */
export function relativePenalties(z: ArrayLike<number>, i: number, n: number, d: number, tau: number): Float64Array {
  const s = Float64Array.from({ length: n }, (_, j) => {
    let c = 0;
    for (let k = 0; k < d; k++) c += z[i * d + k] * z[j * d + k];
    return c;
  });
  let top = -Infinity;
  s.forEach((v, j) => {
    if (j !== i) top = Math.max(top, v);
  });
  const w = s.map((v, j) => (j === i ? 0 : Math.exp((v - top) / tau)));
  const total = w.reduce((a, b) => a + b, 0);
  return w.map((v) => v / total);
}
/** Entropy of the penalties as a share of its largest value, log(n - 1). */
export const entropyShare = (r: Float64Array): number =>
  -r.reduce((s, p) => s + (p > 0 ? p * Math.log(p) : 0), 0) / Math.log(r.length - 1);

/** Counts of values in equal bins over [low, high]; values outside go to the end bins. */
export function histogram(values: ArrayLike<number>, bins: number, low: number, high: number): number[] {
  const out = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++)
    out[Math.min(bins - 1, Math.max(0, Math.floor(((values[i] - low) / (high - low)) * bins)))]++;
  return out;
}
