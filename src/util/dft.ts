// The discrete Fourier transform as it is defined, for any length; lengths here are short and prime, where fast transforms gain nothing.

/** Real and imaginary parts. */
export interface Spectrum {
  real: Float64Array;
  imaginary: Float64Array;
}

/** X[k] = sum_t x[t] exp(-2 pi i k t / n), O(n^2). @param x [n] real @returns [n] each */
export function dft(x: ArrayLike<number>): Spectrum {
  return transform({ real: Float64Array.from(x), imaginary: new Float64Array(x.length) }, -1);
}

/** x[t] = 1/n sum_k X[k] exp(2 pi i k t / n). @param spectrum [n] each @returns [n] each */
export function inverseDft(spectrum: Spectrum): Spectrum {
  const { real, imaginary } = transform(spectrum, 1);
  const n = real.length;
  return { real: real.map((v) => v / n), imaginary: imaginary.map((v) => v / n) };
}

/**
 * Two-dimensional transform, first along rows, then along columns, O(n m (n + m)).
 * @param x [n, m] real, row-major @returns [n, m] each
 */
export function dft2(x: ArrayLike<number>, n: number, m: number): Spectrum {
  const rows = { real: new Float64Array(n * m), imaginary: new Float64Array(n * m) };
  for (let i = 0; i < n; i++) put(rows, dft(Array.from({ length: m }, (_, j) => x[i * m + j])), i * m, 1);
  const out = { real: new Float64Array(n * m), imaginary: new Float64Array(n * m) };
  for (let j = 0; j < m; j++) put(out, transform(columnOf(rows, n, m, j), -1), j, m);
  return out;
}

function columnOf({ real, imaginary }: Spectrum, n: number, m: number, j: number): Spectrum {
  const take = (v: Float64Array) => Float64Array.from({ length: n }, (_, i) => v[i * m + j]);
  return { real: take(real), imaginary: take(imaginary) };
}

function put(to: Spectrum, from: Spectrum, at: number, stride: number): void {
  from.real.forEach((v, i) => (to.real[at + i * stride] = v));
  from.imaginary.forEach((v, i) => (to.imaginary[at + i * stride] = v));
}

function transform({ real, imaginary }: Spectrum, sign: 1 | -1): Spectrum {
  const n = real.length;
  const cosines = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sines = Float64Array.from({ length: n }, (_, k) => sign * Math.sin((2 * Math.PI * k) / n));
  const out = { real: new Float64Array(n), imaginary: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    for (let t = 0; t < n; t++) {
      const c = cosines[(k * t) % n];
      const s = sines[(k * t) % n];
      out.real[k] += real[t] * c - imaginary[t] * s;
      out.imaginary[k] += real[t] * s + imaginary[t] * c;
    }
  }
  return out;
}
