// Special functions in float64.

/** Error function to double precision: Taylor series near 0, continued fraction (Lentz) for the tail. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -(a * a) / n;
      sum += term / (2 * n + 1);
      if (n > 200) break;
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum;
  }
  if (a > 6) return Math.sign(x);
  let f = a;
  for (let k = 80; k > 0; k--) f = a + k / 2 / f;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (f * Math.sqrt(Math.PI)));
}

/** Log of the standard normal's distribution function, to about 14 digits also far out, where the function itself is 0 in float64. */
export function logNormalCdf(x: number): number {
  if (x > 0) return Math.log1p(-upperTail(x));
  if (x > -2) return Math.log(0.5 * (1 + erf(x / Math.SQRT2)));
  return -0.5 * x * x - 0.5 * Math.log(2 * Math.PI) + Math.log(millsRatio(-x));
}

/** P(z > x) of a standard normal variable, accurate in relation to its size. */
export function upperTail(x: number): number {
  if (x < 2) return 0.5 * (1 - erf(x / Math.SQRT2));
  return (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)) * millsRatio(x);
}

/** Tail over density for x >= 2: Laplace's continued fraction 1/(x + 1/(x + 2/(x + ...))). */
function millsRatio(x: number): number {
  let f = x;
  for (let k = 100; k > 0; k--) f = x + k / f;
  return 1 / f;
}
