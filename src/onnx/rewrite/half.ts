// Half precision (IEEE 754 binary16) as bits: half-precision model inputs and outputs travel as Uint16Array.

const buffer = new ArrayBuffer(4);
const asFloat = new Float32Array(buffer);
const asBits = new Uint32Array(buffer);

/** Nearest half-precision number, ties to even; beyond 65,504 infinity. */
function half(value: number): number {
  asFloat[0] = value;
  const bits = asBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00); // too large, infinite, or no number
  if (magnitude < 0x38800000) {
    // below the smallest normal half: a multiple of 2^-24
    const scaled = Math.abs(asFloat[0]) * 2 ** 24;
    const whole = Math.floor(scaled);
    const rest = scaled - whole;
    return sign | (whole + Number(rest > 0.5 || (rest === 0.5 && whole % 2 === 1)));
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

export const toHalf = (values: ArrayLike<number>): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: values.length }, (_, i) => half(values[i]));

/** Bits of half-precision numbers as float32. */
export function fromHalf(bits: ArrayLike<number>): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: bits.length }, (_, i) => {
    const b = bits[i];
    const sign = b & 0x8000 ? -1 : 1;
    const exponent = (b >>> 10) & 31;
    const fraction = b & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
