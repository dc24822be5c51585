// Loads the emoji set: the concept table, names in a language, and the pictures of one style at one size.
import { DataError } from './data-error.ts';
import { RELOAD } from './files.ts';
import { gunzip } from './gzip.ts';
import { unpackImages } from './image-codec.ts';
import { readDataJson, readDataset } from './manifest.ts';
import type { DataStore, EmojiDataset, EmojiLanguage, EmojiTable, SplitName } from './types.ts';

/** One concept, as a lab or a page wants to name it. */
export interface EmojiConcept {
  /** Position in the concept table; the label of a picture. */
  index: number;
  code: string;
  emoji: string;
  name: string;
  keywords: string[];
  /** Indices into `groups` and `subgroups` of the table. */
  group: number;
  subgroup: number;
  split: SplitName;
  /** Ids of the styles that draw it. */
  styles: string[];
}
export interface EmojiConcepts {
  concepts: EmojiConcept[];
  groups: EmojiTable['groups'];
  subgroups: EmojiTable['subgroups'];
}

export interface EmojiPicturesOptions {
  style: string;
  size: number;
  /** All splits unless told. */
  split?: SplitName;
  /** A colour [red, green, blue] in 0..1 laid under the pictures, which then have 3 channels; absent: red, green, blue, alpha. */
  background?: readonly [number, number, number];
}
export interface EmojiPictures {
  rows: number;
  /** Shape of one row: [3 or 4, size, size]. */
  shape: [number, number, number];
  /** [rows, ...shape], in 0..1; colours are not multiplied by alpha. The caller owns the array. */
  values: Float32Array;
  /** [rows], positions in the concept table, ascending. */
  concepts: Int32Array;
}
/** The same pictures as bytes, for drawing on a canvas: [rows, 4, size, size] planes. */
export interface EmojiBytes {
  rows: number;
  size: number;
  planes: Uint8Array;
  concepts: Int32Array;
}

const SPLITS: SplitName[] = ['train', 'validation', 'test'];

/** The concept table with names and keywords in `language`. @throws DataError for a language that is not packaged. */
export async function loadEmojiConcepts(store: DataStore, language = 'en'): Promise<EmojiConcepts> {
  const set = await emojiSet(store);
  const names = set.languages[language];
  if (!names)
    throw new DataError(
      `The emoji set has no names in "${language}"`,
      `Languages are: ${Object.keys(set.languages).join(', ')}`,
    );
  const [table, called] = await Promise.all([tableOf(store, set), readDataJson<EmojiLanguage>(store, names.file)]);
  const concepts = table.code.map((code, index): EmojiConcept => ({
    index,
    code,
    emoji: table.emoji[index],
    name: called.names[index],
    keywords: called.keywords[index],
    group: table.group[index],
    subgroup: table.subgroup[index],
    split: table.split[index],
    styles: set.styles.filter((_, s) => isDrawn(table, index, s)).map((style) => style.id),
  }));
  return { concepts, groups: table.groups, subgroups: table.subgroups };
}

/** The pictures of one style as numbers. @throws DataError for a style or size that is not packaged. */
export async function loadEmoji(store: DataStore, options: EmojiPicturesOptions): Promise<EmojiPictures> {
  const { rows, size, planes, concepts } = await loadEmojiBytes(store, options);
  const { background } = options;
  if (!background) return { rows, shape: [4, size, size], values: Float32Array.from(planes, (v) => v / 255), concepts };
  return { rows, shape: [3, size, size], values: flatten(planes, size * size, background), concepts };
}

/** The pictures of one style as bytes, in the order of the concept table. @throws DataError for a style or size that is not packaged. */
export async function loadEmojiBytes(
  store: DataStore,
  { style, size, split }: Omit<EmojiPicturesOptions, 'background'>,
): Promise<EmojiBytes> {
  const set = await emojiSet(store);
  const number = set.styles.findIndex((s) => s.id === style);
  if (number < 0)
    throw new DataError(
      `The emoji set has no style "${style}"`,
      `Styles are: ${set.styles.map((s) => s.id).join(', ')}`,
    );
  if (!set.sizes.includes(size))
    throw new DataError(`The emoji set is not packaged at ${size} pixels`, `Sizes are: ${set.sizes.join(', ')}`);
  const table = await tableOf(store, set);
  const parts = await Promise.all(
    (split ? [split] : SPLITS).map((name) => loadShard(store, set, table, { style, size, split: name }, number)),
  );
  return inTableOrder(parts, size);
}

const isDrawn = (table: EmojiTable, concept: number, style: number): boolean =>
  ((table.styles[concept] >> style) & 1) === 1;

async function loadShard(
  store: DataStore,
  set: EmojiDataset,
  table: EmojiTable,
  wanted: { style: string; size: number; split: SplitName },
  style: number,
): Promise<EmojiBytes> {
  const { size, split } = wanted;
  const entry = set.shards.find((s) => s.style === wanted.style && s.size === size && s.split === split);
  if (!entry)
    throw new DataError(`The emoji set lists no ${split} pictures of ${wanted.style} at ${size} pixels`, RELOAD);
  const concepts = Int32Array.from(
    table.code.flatMap((_, i) => (table.split[i] === split && isDrawn(table, i, style) ? [i] : [])),
  );
  try {
    const packed = await gunzip(await store.file(`data/${entry.file}`));
    return {
      rows: entry.rows,
      size,
      concepts,
      planes: unpackImages(packed, { rows: concepts.length, channels: 4, height: size, width: size }),
    };
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`data/${entry.file} cannot be unpacked`, RELOAD, error);
  }
}

/** Rows of all parts, sorted by concept. */
function inTableOrder(parts: EmojiBytes[], size: number): EmojiBytes {
  const rows = parts
    .flatMap((part) => Array.from(part.concepts, (concept, row) => ({ concept, row, part })))
    .sort((a, b) => a.concept - b.concept);
  const length = 4 * size * size;
  const planes = new Uint8Array(rows.length * length);
  rows.forEach(({ row, part }, i) => planes.set(part.planes.subarray(row * length, (row + 1) * length), i * length));
  return { rows: rows.length, size, planes, concepts: Int32Array.from(rows, (r) => r.concept) };
}

/** [rows, 4, area] bytes over `background` -> [rows, 3, area] in 0..1. */
function flatten(planes: Uint8Array, area: number, background: readonly [number, number, number]): Float32Array {
  const rows = planes.length / (4 * area);
  const out = new Float32Array(rows * 3 * area);
  for (let row = 0; row < rows; row++) {
    const from = row * 4 * area;
    const to = row * 3 * area;
    for (let c = 0; c < 3; c++) {
      for (let k = 0; k < area; k++) {
        const alpha = planes[from + 3 * area + k] / 255;
        out[to + c * area + k] = (planes[from + c * area + k] / 255) * alpha + background[c] * (1 - alpha);
      }
    }
  }
  return out;
}

const emojiSet = (store: DataStore): Promise<EmojiDataset> => readDataset(store, 'emoji', 'emoji');

const tableOf = (store: DataStore, set: EmojiDataset): Promise<EmojiTable> =>
  readDataJson<EmojiTable>(store, set.concepts.file);
