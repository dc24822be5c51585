// Numbers as the page writes them.

const MINUS = '\u2212';
/** A true minus sign, which is as wide as a digit. */
const signed = (text: string): string => text.replace(/^-/, MINUS);

/** Fixed digits; more where fewer would show zero; very large or very small numbers as powers of ten; a dash for what is not a number. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const wouldVanish = size !== 0 && size < 0.5 * 10 ** -digits;
  if (size >= 1e6 || (wouldVanish && size < 1e-4)) return signed(value.toExponential(2));
  if (wouldVanish) return signed(String(Number(value.toPrecision(2))));
  return signed(value.toFixed(digits));
}

/** At most four significant digits, no trailing zeros, powers of ten for the very small: for axes, knobs and checks. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const short = Number(value.toPrecision(4));
  return signed(short !== 0 && Math.abs(short) < 1e-4 ? Number(value.toPrecision(3)).toExponential() : String(short));
}
