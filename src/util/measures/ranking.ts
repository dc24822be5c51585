// Measures of a ranking of items by score. Ties: each measure but average precision is its mean over all orders of items of equal score.
import { invariant } from '../invariant.ts';

/** Items of one score, which stand in no order. */
interface Group {
  items: number;
  /** Sum of their relevance. */
  gain: number;
  /** How many have positive relevance. */
  relevant: number;
}

/** Groups by descending score. @throws Error when a score is NaN */
function groupsOf(where: string, scores: ArrayLike<number>, relevance: ArrayLike<number>): Group[] {
  invariant(
    scores.length === relevance.length,
    () => `${where}: expected as many relevances as scores; got ${relevance.length} and ${scores.length}`,
  );
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  const groups: Group[] = [];
  let last = NaN;
  for (const i of order) {
    invariant(!Number.isNaN(scores[i]), () => `${where}: expected scores that order items; got NaN`);
    if (scores[i] !== last) groups.push({ items: 0, gain: 0, relevant: 0 });
    last = scores[i];
    const group = groups.at(-1)!;
    group.items++;
    group.gain += relevance[i];
    group.relevant += Number(relevance[i] > 0);
  }
  return groups;
}

/** Expected number of relevant items among the first k. */
function hitsAt(groups: Group[], k: number): number {
  let left = k;
  let hits = 0;
  for (const { items, relevant } of groups) {
    hits += (relevant * Math.min(items, left)) / items;
    left -= Math.min(items, left);
  }
  return hits;
}

/** Relevant share of the first k items; places beyond the last item count as misses. @param relevance [items], relevant when above 0 */
export const precisionAt = (k: number, scores: ArrayLike<number>, relevance: ArrayLike<number>): number =>
  hitsAt(groupsOf('precisionAt', scores, relevance), k) / k;

/** Share of the relevant items that are among the first k; NaN when none is relevant. */
export function recallAt(k: number, scores: ArrayLike<number>, relevance: ArrayLike<number>): number {
  const groups = groupsOf('recallAt', scores, relevance);
  return hitsAt(groups, k) / groups.reduce((sum, g) => sum + g.relevant, 0);
}

/** One over the rank of the first relevant item; NaN when none is relevant. Its mean over queries is the MRR. */
export function reciprocalRank(scores: ArrayLike<number>, relevance: ArrayLike<number>): number {
  let before = 0;
  for (const { items, relevant } of groupsOf('reciprocalRank', scores, relevance)) {
    if (relevant > 0) return expectedReciprocal(before, items, relevant);
    before += items;
  }
  return NaN;
}

/** Mean of 1 / (before + j), j the place of the first of `relevant` among `items` in random order. */
function expectedReciprocal(before: number, items: number, relevant: number): number {
  let total = 0;
  let noneYet = 1;
  for (let j = 1; j <= items - relevant + 1; j++) {
    const isHere = relevant / (items - j + 1);
    total += (noneYet * isHere) / (before + j);
    noneYet *= 1 - isHere;
  }
  return total;
}

/**
 * Discounted gain of the first k, sum of relevance / log2(rank + 1), over that of the best order (Järvelin & Kekäläinen 2002).
 * For exponential gains pass 2^relevance - 1. NaN when nothing is relevant.
 * @param relevance [items], not negative
 */
export function ndcgAt(k: number, scores: ArrayLike<number>, relevance: ArrayLike<number>): number {
  return (
    discountedGain(groupsOf('ndcgAt', scores, relevance), k) /
    discountedGain(groupsOf('ndcgAt', relevance, relevance), k)
  );
}

function discountedGain(groups: Group[], k: number): number {
  let rank = 0;
  let total = 0;
  for (const { items, gain } of groups) {
    for (let i = 0; i < items && rank < k; i++) total += gain / items / Math.log2(++rank + 1);
  }
  return total;
}

/**
 * Sum over thresholds of (recall gained) times precision, without interpolation; items of one score enter together, as in
 * scikit-learn. NaN when none is relevant. Its mean over queries or classes is the mAP.
 */
export function averagePrecision(scores: ArrayLike<number>, relevance: ArrayLike<number>): number {
  let seen = 0;
  let hits = 0;
  let total = 0;
  for (const { items, relevant } of groupsOf('averagePrecision', scores, relevance)) {
    seen += items;
    hits += relevant;
    total += (relevant * hits) / seen;
  }
  return hits === 0 ? NaN : total / hits;
}
