// Uncertainty of any statistic over examples, by leaving each out.

export interface Jackknife {
  /** The statistic of all rows. */
  estimate: number;
  /** [n], n times the estimate less n - 1 times the statistic without the row. */
  pseudoValues: Float64Array;
  /** Variance of the estimate: that of the pseudo-values (n - 1) over n (Tukey 1958). */
  variance: number;
}

/**
 * Calls `statistic` n + 1 times, with row numbers in ascending order. Fit for smooth statistics (NMI, AP); not for medians.
 * @param n rows, at least two
 */
export function jackknife(n: number, statistic: (rows: Int32Array) => number): Jackknife {
  const estimate = statistic(Int32Array.from({ length: n }, (_, i) => i));
  const rows = Int32Array.from({ length: n - 1 }, (_, i) => i + 1);
  const pseudoValues = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // rows are all but i: putting i in the place of i + 1 leaves out i + 1 next
    pseudoValues[i] = n * estimate - (n - 1) * statistic(rows);
    rows[i] = i;
  }
  const mean = pseudoValues.reduce((a, b) => a + b, 0) / n;
  const squares = pseudoValues.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { estimate, pseudoValues, variance: squares / (n - 1) / n };
}
