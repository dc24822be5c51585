// Metrics, times and sizes as the page writes them.
import { formatNumber } from '../util/number-text.ts';
import type { MetricInfo } from '../labs/_kit/contract/meta.ts';

/** A metric's value with its unit; shares as per cent. */
export function formatMetric(
  value: number | null | undefined,
  info?: Pick<MetricInfo, 'digits' | 'percent' | 'unit'>,
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (info?.percent) return `${formatNumber(value * 100, info.digits ?? 1)} %`;
  return formatNumber(value, info?.digits ?? 3) + (info?.unit ? ` ${info.unit}` : '');
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
