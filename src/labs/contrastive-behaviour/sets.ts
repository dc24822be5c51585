// The lab's two data sets in one form: pictures without labels to train on, labelled ones to measure with, and the globe's thumbnails.
import { loadEmoji, loadEmojiBytes, loadEmojiConcepts, type EmojiConcepts } from '../../data/emoji.ts';
import { averagePool } from '../../data/pool.ts';
import type { DataStore, SplitName } from '../../data/types.ts';
import { prng, type Prng } from '../../util/prng.ts';

/** Pictures [rows, channels, side, side] in 0..1 and their classes. */
export interface Pictures {
  rows: number;
  values: Float32Array;
  labels: Int32Array;
}
/** How many labelled pictures measure: the probe's three sets, the pictures of which all pairs are compared, the globe's; and how many are embedded at once. */
export interface Sizes {
  probe: number;
  validation: number;
  test: number;
  spread: number;
  globe: number;
  chunk: number;
}
/** What the globe shows: grey thumbnails, dark where nothing is, and the classes that tint them. */
export interface GlobePictures {
  values: Float32Array;
  rows: number;
  labels: number[];
  thumbs: Uint8Array;
  thumbSide: number;
  /** Names of the tinted classes; absent for clothing, which the page knows. */ classes?: string[];
}
/** Shape of a picture, and the mean and deviation of the training pixels. */
export interface PictureShape {
  side: number;
  channels: number;
  mean: number;
  deviation: number;
}

export interface Sets extends PictureShape {
  classes: number;
  train: Pictures;
  validation: Pictures;
  test: Pictures;
  /** Rows of both views of a batch, [first views, second views]: row i of the one is the partner of row i of the other. */
  pairs(random: Prng, batch: number): Int32Array;
  globe: GlobePictures;
}

const UNLABELLED = 6000;

export async function loadFashion(data: DataStore, sizes: Sizes): Promise<Sets> {
  const [train, validation, test, globe, thumbs] = await Promise.all([
    data.split('fashion', 'train', { rows: UNLABELLED }),
    data.split('fashion', 'validation', { rows: sizes.validation }),
    data.split('fashion', 'test', { rows: sizes.test }),
    data.split('fashion', 'test', { rows: sizes.globe }),
    data.split('fashion', 'test', { rows: sizes.globe, size: 14 }),
  ]);
  return {
    side: 28,
    channels: 1,
    ...statistics(train.values),
    classes: 10,
    train,
    validation,
    test,
    // both views come from one picture
    pairs: (random, batch) => {
      const rows = random.sample(train.rows, batch);
      return Int32Array.from({ length: 2 * batch }, (_, i) => rows[i % batch]);
    },
    globe: {
      values: globe.values,
      rows: sizes.globe,
      labels: Array.from(globe.labels),
      thumbs: bytes(thumbs.values),
      thumbSide: 14,
    },
  };
}

/** Styles of the emoji set that the lab loads, and how many of the largest subgroups are its classes. */
const STYLES = ['twemoji', 'noto', 'fluent-flat'];
const SUBGROUPS = 64;
const EMOJI_SIDE = 32;

/** The concepts of the 64 largest subgroups, each drawn in up to three styles. Two views of a concept may be drawings of two styles. */
export async function loadEmojiSets(data: DataStore, sizes: Sizes): Promise<Sets> {
  const table = await loadEmojiConcepts(data);
  const classOf = largestSubgroups(table);
  const [train, validation, test] = await Promise.all(
    (['train', 'validation', 'test'] as const).map((split) => loadDrawings(data, split, classOf)),
  );
  const drawings = byConcept(train.concepts);
  const globe = shuffled(test, Math.min(sizes.globe, test.rows), 'globe');
  return {
    side: EMOJI_SIDE,
    channels: 3,
    ...statistics(train.values),
    classes: SUBGROUPS,
    train,
    validation: shuffled(validation, Math.min(sizes.validation, validation.rows), 'validation'),
    test: shuffled(test, Math.min(sizes.test, test.rows), 'test'),
    pairs: (random, batch) => drawPairs(random, batch, drawings),
    globe: { ...globe, ...(await emojiThumbs(data, globe.concepts, globe.styles)), ...groupsOf(table, globe.concepts) },
  };
}

/** Class of each concept: the rank of its subgroup by number of training concepts, or -1 beyond the 64th. */
function largestSubgroups({ concepts, subgroups }: EmojiConcepts): Int32Array {
  const counts = new Int32Array(subgroups.length);
  for (const c of concepts) if (c.split === 'train') counts[c.subgroup]++;
  const ranked = Array.from(counts, (_, s) => s)
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, SUBGROUPS);
  return Int32Array.from(concepts, (c) => ranked.indexOf(c.subgroup));
}

interface Drawings extends Pictures {
  concepts: Int32Array;
  /** Index into STYLES per row. */ styles: Int32Array;
}

/** All drawings of a split, as ink on white paper: 1 - colour, so that what lies outside a picture is paper too. */
async function loadDrawings(data: DataStore, split: SplitName, classOf: Int32Array): Promise<Drawings> {
  const parts = await Promise.all(
    STYLES.map((style) => loadEmoji(data, { style, size: EMOJI_SIDE, split, background: [1, 1, 1] })),
  );
  const kept = parts
    .flatMap((part, style) => Array.from(part.concepts, (concept, row) => ({ part, style, concept, row })))
    .filter(({ concept }) => classOf[concept] >= 0);
  const width = 3 * EMOJI_SIDE ** 2;
  const values = new Float32Array(kept.length * width);
  kept.forEach(({ part, row }, i) => values.set(part.values.subarray(row * width, (row + 1) * width), i * width));
  for (let i = 0; i < values.length; i++) values[i] = 1 - values[i];
  const column = (f: (k: (typeof kept)[number]) => number) => Int32Array.from(kept, f);
  const set = {
    rows: kept.length,
    values,
    labels: column((k) => classOf[k.concept]),
    concepts: column((k) => k.concept),
    styles: column((k) => k.style),
  };
  return split === 'train' ? shuffled(set, set.rows, 'train') : set;
}

/** The first `rows` rows of a fixed shuffle. */
function shuffled(set: Drawings, rows: number, name: string): Drawings {
  const order = prng(0, 'emoji', name).permutation(set.rows).subarray(0, rows);
  const width = set.values.length / set.rows;
  const values = new Float32Array(rows * width);
  order.forEach((from, i) => values.set(set.values.subarray(from * width, (from + 1) * width), i * width));
  const column = (of: Int32Array) => Int32Array.from(order, (from) => of[from]);
  return { rows, values, labels: column(set.labels), concepts: column(set.concepts), styles: column(set.styles) };
}

/** Rows of each concept. */
function byConcept(concepts: Int32Array): number[][] {
  const rows = new Map<number, number[]>();
  concepts.forEach((concept, row) => {
    const known = rows.get(concept);
    if (known) known.push(row);
    else rows.set(concept, [row]);
  });
  return [...rows.values()];
}

/** `batch` different concepts, two drawings of each, drawn one after the other: now and then the same one twice. */
export function drawPairs(random: Prng, batch: number, drawings: readonly number[][]): Int32Array {
  const chosen = random.sample(drawings.length, batch);
  const one = (i: number) => {
    const rows = drawings[chosen[i % batch]];
    return rows[random.int(rows.length)];
  };
  return Int32Array.from({ length: 2 * batch }, (_, i) => one(i));
}

/** Grey thumbnails on black: opaque parts never darker than a quarter, so that dark drawings show. */
async function emojiThumbs(
  data: DataStore,
  concepts: Int32Array,
  styles: Int32Array,
): Promise<{ thumbs: Uint8Array; thumbSide: number }> {
  const sets = await Promise.all(
    STYLES.map((style) => loadEmojiBytes(data, { style, size: EMOJI_SIDE, split: 'test' })),
  );
  const area = EMOJI_SIDE ** 2;
  const grey = new Float32Array(concepts.length * area);
  concepts.forEach((concept, i) => {
    const { planes, concepts: known } = sets[styles[i]];
    const from = 4 * area * known.indexOf(concept);
    for (let k = 0; k < area; k++) {
      const [r, g, b, alpha] = [0, 1, 2, 3].map((c) => planes[from + c * area + k] / 255);
      grey[i * area + k] = alpha * (0.25 + 0.75 * (0.299 * r + 0.587 * g + 0.114 * b));
    }
  });
  return { thumbs: bytes(averagePool(grey, EMOJI_SIDE, 2)), thumbSide: EMOJI_SIDE / 2 };
}

/** The globe tints by Unicode's groups: 64 hues cannot be told apart. */
function groupsOf({ concepts, groups }: EmojiConcepts, shown: Int32Array): { labels: number[]; classes: string[] } {
  const present = [...new Set(Array.from(shown, (c) => concepts[c].group))].sort((a, b) => a - b);
  return {
    labels: Array.from(shown, (c) => present.indexOf(concepts[c].group)),
    classes: present.map((g) => groups[g].title.en),
  };
}

const bytes = (values: Float32Array): Uint8Array => Uint8Array.from(values, (v) => Math.round(v * 255));

function statistics(values: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const v of values) {
    sum += v;
    squares += v * v;
  }
  const mean = sum / values.length;
  return { mean, deviation: Math.sqrt(squares / values.length - mean * mean) };
}
