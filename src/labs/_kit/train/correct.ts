// Per-example accuracy, which the kit averages and claims compare example by example.

/**
 * 1 where the true class has the largest score of all, else 0. A tie is no answer, and NaN is never right.
 * @param scores [rows, classes]
 * @returns [rows]
 */
export function correct(scores: ArrayLike<number>, labels: ArrayLike<number>): Float32Array {
  const classes = scores.length / labels.length;
  return Float32Array.from(labels, (label, row) => {
    const at = row * classes;
    const own = scores[at + label];
    for (let c = 0; c < classes; c++) if (c !== label && !(own > scores[at + c])) return 0;
    return 1;
  });
}
