import { describe, expect, it } from 'vitest';
import { formatBytes, formatMetric, formatMs, formatSeconds } from './format.ts';
import { formatNumber, formatShort } from '../util/number-text.ts';

describe('numbers as text', () => {
  it('keeps digits, and uses a true minus', () => {
    expect([0, -1.23456, 1234.5, 1e-9, 2.5e7].map((v) => formatNumber(v))).toEqual([
      '0.000',
      '−1.235',
      '1234.500',
      '1.00e-9',
      '2.50e+7',
    ]);
    expect([0.00293, -0.0049, 0.0051].map((v) => formatNumber(v, 2))).toEqual(['0.0029', '−0.0049', '0.01']);
    expect([Number.NaN, Infinity, null, undefined].map((v) => formatNumber(v))).toEqual(['–', '–', '–', '–']);
  });
  it('knows metrics', () => {
    expect(formatMetric(0.8234, { percent: true })).toBe('82.3 %');
    expect(formatMetric(1.5, { digits: 1, unit: 'ms' })).toBe('1.5 ms');
    expect(formatMetric(null, { percent: true })).toBe('–');
  });
  it('shortens', () =>
    expect([0.30000000000000004, 1 / 3, 12345.6, -0.02, 0.00001, 0.000098615, 0].map(formatShort)).toEqual([
      '0.3',
      '0.3333',
      '12350',
      '−0.02',
      '1e-5',
      '9.86e-5',
      '0',
    ]));
  it('writes times and sizes', () => {
    expect([0.2, 8, 80, 240, 7500, 7200].map(formatSeconds)).toEqual([
      'under 1 s',
      '8 s',
      '1 min 20 s',
      '4 min',
      '2 h 5 min',
      '2 h',
    ]);
    expect([0.25, 42.4, 3200].map(formatMs)).toEqual(['0.3 ms', '42 ms', '3 s']);
    expect([12, 4096, 4_123_456].map(formatBytes)).toEqual(['12 B', '4.1 kB', '4.1 MB']);
  });
});
