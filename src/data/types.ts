// What packaged data looks like: the rows that a lab gets, the store that gives them, and the manifest that describes the files.

/** Labelled rows of one split. */
export interface DataSplit {
  rows: number;
  /** Shape of one row: [channels, height, width]. */
  shape: number[];
  /** [rows, ...shape], in 0..1. The caller owns the array. */
  values: Float32Array;
  /** [rows], index into the set's classes. */
  labels: Int32Array;
}

export type SplitName = 'train' | 'validation' | 'test';

export interface DataStore {
  /**
   * The first `rows` rows of a split (all unless told), shrunk by average pooling to `size` pixels a side.
   * Rows are shuffled and class-balanced: any first n rows hold each class equally often, up to one, as long as the smallest class lasts.
   * @throws DataError when the set is unknown, has fewer rows, or a file is missing or does not match its sha256.
   */
  split(dataset: string, split: SplitName, options?: { rows?: number; size?: number }): Promise<DataSplit>;
  /**
   * Raw bytes of a shipped file, `models/...` or `data/...`, checked against the manifest of that folder (a manifest itself is not).
   * @throws DataError when it is not listed, missing, or does not match its sha256.
   */
  file(path: string): Promise<Uint8Array>;
}

/**
 * Reads one file under public/, given its path there. Rejects when the file cannot be had.
 * `isFresh`: past every cache, since the last answer was not the file.
 */
export type FetchBytes = (path: string, isFresh?: boolean) => Promise<Uint8Array>;

/** A text in several languages: BCP 47 tag -> text. English is always there. */
export interface Localised {
  en: string;
  [language: string]: string;
}

export interface FileEntry {
  /** Path under the manifest's folder. */
  file: string;
  bytes: number;
  /** Lower-case hex digest of the file as it is served. */
  sha256: string;
}
/** A file of `rows` images, in the format of image-codec.ts. */
export interface ShardEntry extends FileEntry {
  rows: number;
}

export interface Licence {
  /** SPDX identifier. */
  id: string;
  holder: string;
  /** Path of the licence's text, under the manifest's folder. */
  text: string;
}

interface DatasetBase {
  id: string;
  title: Localised;
  description: Localised;
  /** Where the originals come from: package and version. */
  source: string;
  homepage: string;
  licences: Licence[];
  /** Command that writes the files again. */
  build: string;
  /** How the packaged rows differ from the originals. */
  notes: string[];
}
export interface LabelledDataset extends DatasetBase {
  kind: 'labelled-images';
  /** Shape of one row: [channels, height, width]; grey. */
  shape: [1, number, number];
  classes: Localised[];
  splits: Record<SplitName, { rows: number; shards: ShardEntry[] }>;
}
/** One drawing style of the emoji set. */
export interface EmojiStyle {
  id: string;
  title: string;
  source: string;
  homepage: string;
  licence: Licence;
  /** The line of credit to show. */
  credit: string;
  /** How many concepts it draws. */
  concepts: number;
}
/** The drawings of one style and size whose concepts belong to one split, in the order of the concept table. */
export interface EmojiShard extends ShardEntry {
  style: string;
  size: number;
  split: SplitName;
}
export interface EmojiDataset extends DatasetBase {
  kind: 'emoji';
  /** Pixels a side, ascending. */
  sizes: number[];
  styles: EmojiStyle[];
  /** Number of concepts in each split. */
  splits: Record<SplitName, number>;
  /** The concept table: an EmojiTable as JSON. */
  concepts: FileEntry;
  /** Language -> names and keywords: an EmojiLanguage as JSON. */
  languages: Record<string, FileEntry>;
  shards: EmojiShard[];
}

/** A group or subgroup of concepts. */
export interface EmojiSection {
  key: string;
  title: Localised;
}
/** Columns over concepts, in Unicode's order. */
export interface EmojiTable {
  version: 1;
  groups: EmojiSection[];
  subgroups: EmojiSection[];
  /** Code points, lower case, joined by "-", without the variation selector FE0F. */
  code: string[];
  emoji: string[];
  /** Index into `groups`. */
  group: number[];
  /** Index into `subgroups`. */
  subgroup: number[];
  split: SplitName[];
  /** Bit s is set when style number s of the manifest draws the concept. */
  styles: number[];
}
/** What the concepts are called in one language, in the order of the concept table. */
export interface EmojiLanguage {
  names: string[];
  keywords: string[][];
}

export type Dataset = LabelledDataset | EmojiDataset;

/** public/data/manifest.json */
export interface DataManifest {
  version: 1;
  datasets: Dataset[];
}

/** public/models/manifest.json; an entry may say more than the loader needs (how it was made, accuracy, licence). */
export interface ModelManifest {
  version: 1;
  models: FileEntry[];
}
