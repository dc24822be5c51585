// The inputs of reference.py, by the same formulas.

export const ROWS = 60;
export const WIDTH = 3;
export const labels = Int32Array.from({ length: ROWS }, (_, i) => i % 3);
/** [ROWS, WIDTH] */
export const x = Float64Array.from({ length: ROWS * WIDTH }, (_, k) => {
  const i = Math.floor(k / WIDTH);
  const d = k % WIDTH;
  return Math.sin(0.7 * (d + 1) * i + d) + (d === 0 ? 0.5 * labels[i] : 0);
});
/** [ROWS, WIDTH] */
export const other = Float64Array.from({ length: ROWS * WIDTH }, (_, k) =>
  Math.cos(0.3 * ((k % WIDTH) + 2) * Math.floor(k / WIDTH)),
);
export const clusters = Int32Array.from({ length: ROWS }, (_, i) => Math.floor((i * 7) / 5) % 4);
/** Column 1 of x in steps of a half, so that many are equal. */
export const scores = Float64Array.from({ length: ROWS }, (_, i) => Math.round(2 * x[i * WIDTH + 1]) / 2);
export const isPositive = Array.from(labels, (label) => label === 1);
/** [5, 6] */
export const cost = Float64Array.from({ length: 30 }, (_, i) => Math.round(1e4 * Math.sin(i * i)) / 1e3);
