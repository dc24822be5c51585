// Random damage to texts and JSON, as cut, doubled, swapped and foreign pieces.
import type { Prng } from '../../src/util/prng.ts';

export const pick = <T>(random: Prng, list: readonly T[]): T => list[random.int(list.length)];

/** Texts that programs stumble over. */
export const ODD: readonly string[] = [
  '',
  ' ',
  '0',
  '-0',
  '-1',
  '1e999',
  'NaN',
  'null',
  '1,000',
  '٣',
  '\ud800',
  '\u0000',
  '\u202e',
  '<script>alert(1)</script>',
  '"onload=alert(1)',
  "';--",
  '=1+1',
  '@SUM(A1)',
  '__proto__',
  'constructor',
  'toString',
  '%E0%A4%A',
  '%00',
  '&amp;',
  '😀'.repeat(40),
  'x'.repeat(5000),
];

/** `text` with a few pieces cut, doubled, swapped or put in. */
export function mutateText(random: Prng, text: string): string {
  let out = text;
  for (let n = random.int(4); n > 0; n--) {
    const at = random.int(out.length + 1);
    const size = 1 + random.int(12);
    const rest = out.slice(at + size);
    const piece = out.slice(at, at + size);
    out = out.slice(0, at) + pick(random, ['', piece + piece, [...piece].reverse().join(''), pick(random, ODD)]) + rest;
  }
  return out;
}

const ODD_VALUES: readonly unknown[] = [null, true, -1, 0.5, 1e308, 2 ** 53, '', [], {}, [[]], [null], ...ODD];

/** JSON data with a few values replaced, dropped or renamed, at any depth. */
export function mutateJson(random: Prng, value: unknown, depth = 0): unknown {
  if (random.next() < 0.03) return pick(random, ODD_VALUES);
  if (Array.isArray(value)) {
    const items = value.map((item) => mutateJson(random, item, depth + 1));
    if (random.next() < 0.05) items.splice(random.int(items.length + 1), random.int(3), pick(random, ODD_VALUES));
    if (random.next() < 0.02 && items.length) return Array.from({ length: 500 }, () => items[0]);
    return items;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
      const chance = random.next();
      if (chance < 0.01) return [];
      return [[chance < 0.02 ? pick(random, ODD) : key, mutateJson(random, item, depth + 1)]];
    }),
  );
}
