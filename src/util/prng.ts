// The one source of randomness: sfc32 seeded by a hash of a path, so that every stream has a name and none is shared.

/** A stream of random numbers. Drawing from one stream never moves another. */
export interface Prng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** `n` standard normals times `scale`. */
  normals(n: number, scale?: number): Float32Array;
  /** `n` uniforms in [low, high). */
  uniforms(n: number, low?: number, high?: number): Float32Array;
  /** The integers 0..n-1 in random order. */
  permutation(n: number): Int32Array;
  /** `k` distinct integers out of 0..n-1, in random order. */
  sample(n: number, k: number): Int32Array;
  /** A new independent stream named by this stream's path and `path`. */
  fork(...path: (string | number)[]): Prng;
}

/** 128-bit state from a string (cyrb128-like mixing of four 32-bit lanes). */
function hash128(text: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ k, 597399067);
    b = c ^ Math.imul(b ^ k, 2869860233);
    c = d ^ Math.imul(c ^ k, 951274213);
    d = a ^ Math.imul(d ^ k, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  return [(a ^ b ^ c ^ d) >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

class Sfc32 implements Prng {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spare: number | null = null;
  private readonly path: string;
  constructor(path: string) {
    this.path = path;
    [this.a, this.b, this.c, this.d] = hash128(path);
    for (let i = 0; i < 12; i++) this.word();
  }
  private word(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }
  next(): number {
    return this.word() / 4294967296;
  }
  int(n: number): number {
    return Math.floor(this.next() * n);
  }
  normal(): number {
    if (this.spare !== null) {
      const s = this.spare;
      this.spare = null;
      return s;
    }
    const r = Math.sqrt(-2 * Math.log(1 - this.next()));
    const phi = 2 * Math.PI * this.next();
    this.spare = r * Math.sin(phi);
    return r * Math.cos(phi);
  }
  normals(n: number, scale = 1): Float32Array {
    return Float32Array.from({ length: n }, () => scale * this.normal());
  }
  uniforms(n: number, low = 0, high = 1): Float32Array {
    return Float32Array.from({ length: n }, () => low + (high - low) * this.next());
  }
  permutation(n: number): Int32Array {
    return this.sample(n, n);
  }
  sample(n: number, k: number): Int32Array {
    const all = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const j = i + this.int(n - i);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all.slice(0, k);
  }
  fork(...path: (string | number)[]): Prng {
    return new Sfc32([this.path, ...path].join('/'));
  }
}

/** The stream named by `seed` and `path`. The same name gives the same numbers on every machine. */
export const prng = (seed: number | string, ...path: (string | number)[]): Prng => new Sfc32([seed, ...path].join('/'));
