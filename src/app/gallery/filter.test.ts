import { describe, expect, it } from 'vitest';
import { filterPapers, readFilter, writeFilter, type GalleryFilter } from './filter.ts';
import type { LabCard } from './summary.ts';

const card = (slug: string, cpuSeconds: number, verdict?: 'reproduced' | 'undecided' | 'not-reproduced'): LabCard => ({
  slug,
  title: slug,
  claim: '',
  seeds: 1,
  cost: { cpuSeconds, steps: 1 },
  thumbnail: null,
  recorded: verdict ? { verdict, seeds: 3, backend: 'cpu', passed: 1, checks: 1 } : null,
});
const cards = [
  card('lottery-ticket', 90, 'not-reproduced'),
  card('aggregate-responses', 2, 'reproduced'),
  card('model-soups', 30),
];
const none: GalleryFilter = { text: '', family: null, sort: 'number' };
const numbers = (filter: Partial<GalleryFilter>) =>
  filterPapers(cards, { ...none, ...filter }).map((item) => item.paper.number);

describe('gallery filter', () => {
  it('lists everything by number', () => expect(numbers({})).toHaveLength(70));
  it('finds by all words, accents aside', () => {
    expect(numbers({ text: 'frankle lottery' })).toEqual([64]);
    expect(numbers({ text: 'DE BREBISSON' })).toEqual([2]);
    expect(numbers({ text: 'no such paper at all' })).toEqual([]);
  });
  it('keeps to a family', () => expect(numbers({ family: 'pruning' })).toEqual([14, 34, 49, 64]));
  it('sorts live labs by verdict and cost, the others after them', () => {
    expect(numbers({ sort: 'verdict' }).slice(0, 2)).toEqual([13, 64]);
    expect(numbers({ sort: 'cost' }).slice(0, 4)).toEqual([13, 63, 64, 1]);
  });
  it('goes into the address and back', () => {
    for (const filter of [none, { text: 'a b&c=%', family: 'theory' as const, sort: 'cost' as const }])
      expect(readFilter(writeFilter(filter).slice(3))).toEqual(filter);
  });
  it('takes nothing from a foreign address', () => {
    expect(readFilter('family=__proto__&sort=constructor&q=%')).toEqual({ text: '%', family: null, sort: 'number' });
  });
});
