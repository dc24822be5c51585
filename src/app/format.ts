// Numbers, times and sizes as the page writes them.
import type { MetricInfo } from '../labs/_kit/contract/meta.ts';

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

/** A metric's value with its unit; shares as per cent. */
export function formatMetric(
  value: number | null | undefined,
  info?: Pick<MetricInfo, 'digits' | 'percent' | 'unit'>,
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (info?.percent) return `${formatNumber(value * 100, info.digits ?? 1)} %`;
  return formatNumber(value, info?.digits ?? 3) + (info?.unit ? ` ${info.unit}` : '');
}

/** At most four significant digits, no trailing zeros, powers of ten for the very small: for axes, knobs and checks. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const short = Number(value.toPrecision(4));
  return signed(short !== 0 && Math.abs(short) < 1e-4 ? Number(value.toPrecision(3)).toExponential() : String(short));
}

/** "8 s", "1 min 20 s", "2 h 5 min". */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 1) return 'under 1 s';
  if (whole < 60) return `${whole} s`;
  const two = (big: number, unit: string, small: number, part: string) =>
    small ? `${big} ${unit} ${small} ${part}` : `${big} ${unit}`;
  return whole < 3600
    ? two(Math.floor(whole / 60), 'min', whole % 60, 's')
    : two(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
}

export const formatMs = (ms: number): string =>
  ms >= 1000 ? formatSeconds(ms / 1000) : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** "4.1 MB", in powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
