import { describe, expect, it } from 'vitest';
import type { LabMeta } from './_kit/contract/meta.ts';
import { RESERVED_KEYS } from '../app/link.ts';
import { CATALOG, FAMILIES, paperOf, START_HERE } from './catalog.ts';

describe('catalogue', () => {
  it('lists 70 papers, numbered 1 to 70 in order', () => {
    expect(CATALOG.map((entry) => entry.number)).toEqual(Array.from({ length: 70 }, (_, i) => i + 1));
  });
  it('has unique slugs that can stand in an address', () => {
    expect(new Set(CATALOG.map((entry) => entry.slug)).size).toBe(70);
    for (const { slug } of CATALOG) expect(slug).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });
  it('states each claim as one short sentence that no other paper has', () => {
    expect(new Set(CATALOG.map((entry) => entry.claim)).size).toBe(70);
    for (const { claim } of CATALOG) expect(claim).toMatch(/^[A-Z][^.]{30,150}\.$/);
  });
  it('names a plausible source for each paper', () => {
    expect(new Set(CATALOG.map((entry) => entry.arxiv)).size).toBe(70);
    for (const entry of CATALOG) {
      expect(entry.arxiv).toMatch(/^\d{4}\.\d{5}$|^\d{4}\.\d{4}$/);
      expect(entry.year).toBeGreaterThanOrEqual(2016);
      expect(entry.title.length).toBeGreaterThan(15);
    }
  });
  it('uses every family, and only known ones', () => {
    expect(new Set(CATALOG.map((entry) => entry.family))).toEqual(new Set(Object.keys(FAMILIES)));
  });
  it('starts with three papers that exist', () => {
    expect(START_HERE.map((slug) => paperOf(slug)?.number)).toEqual([1, 24, 47]);
  });
});

const metas = import.meta.glob<LabMeta>('./*/meta.ts', { import: 'meta', eager: true });

describe.each(Object.entries(metas))('live lab %s', (path, meta) => {
  it('is the paper that the catalogue lists under its slug', () => {
    expect(path).toBe(`./${meta.slug}/meta.ts`);
    const paper = paperOf(meta.slug);
    expect({ number: meta.paper.number, family: meta.family, year: meta.paper.year, arxiv: meta.paper.arxiv }).toEqual({
      number: paper?.number,
      family: paper?.family,
      year: paper?.year,
      arxiv: paper?.arxiv,
    });
  });
  it('names no knob as links name their own settings', () => {
    expect(Object.keys(meta.controls).filter((name) => RESERVED_KEYS.includes(name))).toEqual([]);
  });
});
