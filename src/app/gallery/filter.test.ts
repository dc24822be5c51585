import { describe, expect, it } from 'vitest';
import { byFamily, filterPapers, isFiltered, readFilter, writeFilter, type GalleryFilter } from './filter.ts';
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
const none: GalleryFilter = { text: '', family: null, verdict: null, cost: null, sort: 'number', folded: [] };
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
  it('filters by verdict and cost; papers without a lab have neither', () => {
    expect(numbers({ verdict: 'reproduced' })).toEqual([13]);
    expect(numbers({ verdict: 'undecided' })).toEqual([]);
    expect(numbers({ cost: 60 })).toEqual([13, 63]);
    expect(isFiltered({ ...none, cost: 60 })).toBe(true);
    expect(isFiltered({ ...none, folded: ['graphs'], sort: 'cost' })).toBe(false);
  });
  it('knows what runs well with a graphics card and without', () => {
    const slow = { ...card('model-soups', 900), cost: { cpuSeconds: 900, gpuSeconds: 20, steps: 1 } };
    const here = (hasGpu: boolean) => filterPapers([slow], { ...none, cost: 'here' }, hasGpu).length;
    expect([here(false), here(true)]).toEqual([0, 1]);
  });
  it('goes by family', () => {
    const families = byFamily(filterPapers(cards, { ...none, sort: 'family' }));
    expect(families).toHaveLength(16);
    expect(families.flatMap(([, items]) => items)).toHaveLength(70);
    expect(families.every(([family, items]) => items.every(({ paper }) => paper.family === family))).toBe(true);
  });
  it('goes into the address and back', () => {
    const full: GalleryFilter = {
      text: 'a b&c=%',
      family: 'theory',
      verdict: 'not-reproduced',
      cost: 'here',
      sort: 'cost',
      folded: ['contrastive', 'graphs'],
    };
    for (const filter of [none, full]) expect(readFilter(writeFilter(filter).slice(3))).toEqual(filter);
    expect(readFilter(writeFilter(none, 'family').slice(3), 'family')).toEqual(none);
    expect(writeFilter({ ...none, sort: 'family' }, 'family')).toBe('#/');
  });
  it('takes nothing from a foreign address', () => {
    expect(readFilter('family=__proto__&sort=constructor&cost=toString&verdict=x&fold=y.z&q=%')).toEqual({
      ...none,
      text: '%',
    });
  });
});
