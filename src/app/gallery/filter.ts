// What the gallery shows and in which order, read from its address and back.
import type { Family } from '../../labs/_kit/contract/meta.ts';
import type { Verdict } from '../../labs/_kit/contract/result.ts';
import { CATALOG, FAMILIES, type CatalogEntry } from '../../labs/catalog.ts';
import { secondsHere, WELL_SECONDS } from './device.ts';
import type { LabCard } from './summary.ts';

export const SORTS = {
  family: 'Family',
  number: 'Paper number',
  verdict: 'Verdict',
  cost: 'Cost',
  year: 'Newest first',
} as const;
export type Sort = keyof typeof SORTS;

export const VERDICTS = {
  reproduced: 'Reproduced',
  'not-reproduced': 'Not reproduced',
  undecided: 'Undecided',
} as const satisfies Record<Verdict, string>;

/** Longest default run, in seconds; "here" is what runs well on this device. */
export const COSTS = {
  here: 'Runs well on this device',
  10: 'Up to 10 s',
  60: 'Up to 1 min',
  300: 'Up to 5 min',
} as const;
export type Cost = keyof typeof COSTS;

export interface GalleryFilter {
  text: string;
  family: Family | null;
  verdict: Verdict | null;
  cost: Cost | null;
  sort: Sort;
  /** Families folded away. */
  folded: readonly Family[];
}

/** A paper, with its card where the lab is live. */
export interface GalleryItem {
  paper: CatalogEntry;
  card: LabCard | null;
}

const oneOf = <T extends object>(table: T, key: string | null): keyof T | null =>
  key !== null && Object.hasOwn(table, key) ? (key as keyof T) : null;

/** @param sort where the address names none */
export function readFilter(query: string, sort: Sort = 'number'): GalleryFilter {
  const params = new URLSearchParams(query);
  const folded = (params.get('fold') ?? '').split('.');
  return {
    text: (params.get('q') ?? '').slice(0, 80),
    family: oneOf(FAMILIES, params.get('family')),
    verdict: oneOf(VERDICTS, params.get('verdict')),
    cost: oneOf(COSTS, params.get('cost')),
    sort: oneOf(SORTS, params.get('sort')) ?? sort,
    folded: (Object.keys(FAMILIES) as Family[]).filter((family) => folded.includes(family)),
  };
}

/** @param usual the sort that the address need not name */
export function writeFilter(filter: GalleryFilter, usual: Sort = 'number'): string {
  const { text, family, verdict, cost, sort, folded } = filter;
  const params = new URLSearchParams();
  if (text) params.set('q', text);
  if (family) params.set('family', family);
  if (verdict) params.set('verdict', verdict);
  if (cost) params.set('cost', String(cost));
  if (sort !== usual) params.set('sort', sort);
  if (folded.length) params.set('fold', folded.join('.'));
  const query = params.toString();
  return query ? `#/?${query}` : '#/';
}

/** Whether anything is left out on purpose. */
export const isFiltered = ({ text, family, verdict, cost }: GalleryFilter): boolean =>
  text !== '' || family !== null || verdict !== null || cost !== null;

const VERDICT_ORDER = { reproduced: 0, undecided: 1, 'not-reproduced': 2 };
const familyOrder = Object.keys(FAMILIES);
const rankBy = (sort: Sort, hasGpu: boolean) => {
  const ranks: Record<Sort, (item: GalleryItem) => number> = {
    family: ({ paper }) => familyOrder.indexOf(paper.family),
    number: ({ paper }) => paper.number,
    verdict: ({ card }) => (card?.recorded ? VERDICT_ORDER[card.recorded.verdict] : 3),
    cost: ({ card }) => (card ? secondsHere(card, hasGpu) : Infinity),
    year: ({ paper }) => -paper.year,
  };
  return ranks[sort];
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

/** Papers that are not live have no verdict and no cost: they stay out where either is asked for. */
function isWanted({ card }: GalleryItem, { verdict, cost }: GalleryFilter, hasGpu: boolean): boolean {
  if (verdict && card?.recorded?.verdict !== verdict) return false;
  if (cost === null) return true;
  const most = cost === 'here' ? WELL_SECONDS : Number(cost);
  return card !== null && secondsHere(card, hasGpu) <= most;
}

/** Papers that hold every word of the search and pass the filter, sorted. */
export function filterPapers(cards: readonly LabCard[], filter: GalleryFilter, hasGpu = false): GalleryItem[] {
  const words = plain(filter.text).split(/\s+/).filter(Boolean);
  const by = rankBy(filter.sort, hasGpu);
  const bySlug = new Map(cards.map((card) => [card.slug, card]));
  return CATALOG.map((paper): GalleryItem => ({ paper, card: bySlug.get(paper.slug) ?? null }))
    .filter((item) => !filter.family || item.paper.family === filter.family)
    .filter((item) => isWanted(item, filter, hasGpu))
    .filter((item) => words.every((word) => wordsOf(item).includes(word)))
    .sort((a, b) => by(a) - by(b) || a.paper.number - b.paper.number);
}

/** The items family by family, in the order of the families; empty ones are left out. */
export function byFamily(items: readonly GalleryItem[]): [Family, GalleryItem[]][] {
  return (Object.keys(FAMILIES) as Family[])
    .map((family): [Family, GalleryItem[]] => [family, items.filter(({ paper }) => paper.family === family)])
    .filter(([, members]) => members.length > 0);
}
