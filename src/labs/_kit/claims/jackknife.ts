// Values per test example for metrics that are no means over examples (AUROC, mAP, NMI), by leaving one out.

/**
 * Pseudo-values [n] of a statistic: their mean is `whole`, their variance over n is the jackknife variance of the statistic
 * (Efron & Stein 1981). They may stand for values per example wherever those are asked for.
 * @param whole the statistic on all n examples
 * @param without the statistic without example i
 * @throws Error for fewer than two examples
 */
export function pseudoValues(n: number, whole: number, without: (i: number) => number): Float32Array {
  if (n < 2) throw new Error(`pseudoValues: expected at least 2 examples; got ${n}`);
  const left = Float64Array.from({ length: n }, (_, i) => without(i));
  const middle = left.reduce((a, b) => a + b, 0) / n;
  return Float32Array.from(left, (v) => whole + (n - 1) * (middle - v));
}
