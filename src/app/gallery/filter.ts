// What the gallery shows and in which order, read from its address and back.
import type { Family } from '../../labs/_kit/contract/meta.ts';
import { CATALOG, FAMILIES, type CatalogEntry } from '../../labs/catalog.ts';
import type { LabCard } from './summary.ts';

export const SORTS = { number: 'Paper number', verdict: 'Verdict', cost: 'Cost', year: 'Newest first' } as const;
export type Sort = keyof typeof SORTS;
export interface GalleryFilter {
  text: string;
  family: Family | null;
  sort: Sort;
}

/** A paper, with its card where the lab is live. */
export interface GalleryItem {
  paper: CatalogEntry;
  card: LabCard | null;
}

export function readFilter(query: string): GalleryFilter {
  const params = new URLSearchParams(query);
  const family = params.get('family') ?? '';
  const sort = params.get('sort') ?? '';
  return {
    text: (params.get('q') ?? '').slice(0, 80),
    family: Object.hasOwn(FAMILIES, family) ? (family as Family) : null,
    sort: Object.hasOwn(SORTS, sort) ? (sort as Sort) : 'number',
  };
}

export function writeFilter({ text, family, sort }: GalleryFilter): string {
  const params = new URLSearchParams();
  if (text) params.set('q', text);
  if (family) params.set('family', family);
  if (sort !== 'number') params.set('sort', sort);
  const query = params.toString();
  return query ? `#/?${query}` : '#/';
}

const VERDICT_ORDER = { reproduced: 0, undecided: 1, 'not-reproduced': 2 };
const rank: Record<Sort, (item: GalleryItem) => number> = {
  number: ({ paper }) => paper.number,
  verdict: ({ card }) => (card?.recorded ? VERDICT_ORDER[card.recorded.verdict] : 3),
  cost: ({ card }) => card?.cost.cpuSeconds ?? Infinity,
  year: ({ paper }) => -paper.year,
};

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const wordsOf = ({ paper, card }: GalleryItem): string =>
  plain(
    [
      paper.number,
      paper.name,
      paper.title,
      paper.authors,
      paper.venue,
      paper.year,
      paper.claim,
      FAMILIES[paper.family].label,
      card?.title,
      card?.claim,
    ].join(' '),
  );

/** Papers that hold every word of the search and belong to the family, sorted. */
export function filterPapers(cards: readonly LabCard[], filter: GalleryFilter): GalleryItem[] {
  const words = plain(filter.text).split(/\s+/).filter(Boolean);
  const by = rank[filter.sort];
  return CATALOG.map((paper): GalleryItem => ({ paper, card: cards.find((card) => card.slug === paper.slug) ?? null }))
    .filter(
      (item) =>
        (!filter.family || item.paper.family === filter.family) && words.every((word) => wordsOf(item).includes(word)),
    )
    .sort((a, b) => by(a) - by(b) || a.paper.number - b.paper.number);
}
