// The emoji set as a task: classes by subgroup, group or concept; splits by concept or by drawing style; 16, 32 or 64 pixels.
import { prng } from '../../util/prng.ts';
import { loadEmoji, loadEmojiConcepts, type EmojiConcept, type EmojiConcepts, type EmojiPictures } from '../emoji.ts';
import { DataError } from '../data-error.ts';
import { averagePool } from '../pool.ts';
import type { DataStore, SplitName } from '../types.ts';
import { SPLITS, takeRows, type Task, type TaskSplit } from './task.ts';

export interface EmojiTaskOptions {
  /** What makes a class. */
  by?: 'subgroup' | 'group' | 'concept';
  /** So many classes: those with most training concepts; of concepts, a fixed random choice. All unless told. */
  classes?: number;
  /**
   * Drawing styles of all splits: the packaged split holds, so that no concept is in two. Or styles of each split: every split
   * then draws the same concepts, those that all styles draw, and no style should be in two.
   */
  styles: readonly string[] | Record<SplitName, readonly string[]>;
  side?: 16 | 32 | 64;
  /** Pictures as ink on white paper, 1 - colour, so that what lies outside a picture is 0; otherwise as light on white. */
  isInk?: boolean;
  /** One channel, by luma, instead of three. */
  isGrey?: boolean;
}
export interface EmojiTask extends Task {
  /** Names, groups and subgroups of the concepts that the rows' `concepts` count. */
  table: EmojiConcepts;
  styles: string[];
}

/** Pixels a side of the packaged pictures that a task is made of. */
const PACKAGED = { 16: 32, 32: 32, 64: 64 } as const;

/**
 * Drawings of emoji, each split in a fixed random order, with `concepts` and `styles` per row.
 * @throws DataError for a style that is not packaged or when fewer classes exist
 */
export async function loadEmojiTask(data: DataStore, options: EmojiTaskOptions): Promise<EmojiTask> {
  const { by = 'subgroup', side = 32, isInk = false, isGrey = false } = options;
  const table = await loadEmojiConcepts(data);
  const perSplit = stylesOf(options.styles);
  const all = [...new Set(SPLITS.flatMap((name) => perSplit[name]))];
  const isSplitByStyle = !Array.isArray(options.styles);
  const candidates = table.concepts.filter((c) => !isSplitByStyle || all.every((style) => c.styles.includes(style)));
  const { classOf, names } = classesOf(table, candidates, by, options.classes);
  const load = async (name: SplitName): Promise<TaskSplit> => {
    const parts = await Promise.all(
      perSplit[name].map(async (style) => ({
        style: all.indexOf(style),
        pictures: await loadEmoji(data, {
          style,
          size: PACKAGED[side],
          background: [1, 1, 1],
          ...(isSplitByStyle ? {} : { split: name }),
        }),
      })),
    );
    return shuffled(joined(parts, classOf, { side, isInk, isGrey }), name);
  };
  const [train, validation, test] = await Promise.all(SPLITS.map(load));
  return {
    train,
    validation,
    test,
    side,
    channels: isGrey ? 1 : 3,
    classes: names.length,
    names,
    styles: all,
    table,
  };
}

function stylesOf(styles: EmojiTaskOptions['styles']): Record<SplitName, readonly string[]> {
  return isList(styles) ? { train: styles, validation: styles, test: styles } : styles;
}
const isList = (styles: EmojiTaskOptions['styles']): styles is readonly string[] => Array.isArray(styles);

/** Class of each concept of the table, -1 outside the task, and the classes' names. */
function classesOf(
  table: EmojiConcepts,
  candidates: EmojiConcept[],
  by: 'subgroup' | 'group' | 'concept',
  count: number | undefined,
): { classOf: Int32Array; names: string[] } {
  const keyOf = (c: EmojiConcept): number => (by === 'concept' ? c.index : c[by]);
  const ranked = by === 'concept' ? conceptsInOrder(candidates, count) : byTrainingConcepts(candidates, keyOf);
  if (count !== undefined && !(count >= 1 && count <= ranked.length))
    throw new DataError(
      `The emoji set has ${ranked.length} such classes; ${count} were asked for`,
      `Ask for 1 to ${ranked.length}`,
    );
  const numbers = new Map(ranked.slice(0, count).map((key, i) => [key, i]));
  const classOf = new Int32Array(table.concepts.length).fill(-1);
  for (const c of candidates) classOf[c.index] = numbers.get(keyOf(c)) ?? -1;
  const nameOf = (key: number): string =>
    by === 'concept' ? table.concepts[key].name : table[by === 'group' ? 'groups' : 'subgroups'][key].title.en;
  return { classOf, names: [...numbers.keys()].map(nameOf) };
}

/** All in the table's order, or a fixed random order of which the first are taken. */
function conceptsInOrder(candidates: EmojiConcept[], count: number | undefined): number[] {
  const indices = candidates.map((c) => c.index);
  if (count === undefined) return indices;
  return Array.from(prng(0, 'emoji', 'classes').permutation(indices.length), (i) => indices[i]);
}

/** Groups or subgroups by number of training concepts, the largest first; equal ones in the table's order. */
function byTrainingConcepts(candidates: EmojiConcept[], keyOf: (c: EmojiConcept) => number): number[] {
  const counts = new Map<number, number>();
  for (const c of candidates) if (c.split === 'train') counts.set(keyOf(c), (counts.get(keyOf(c)) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || a - b);
}

interface Look {
  side: 16 | 32 | 64;
  isInk: boolean;
  isGrey: boolean;
}

/** Rows of all parts whose concept has a class, style after style. */
function joined(parts: { style: number; pictures: EmojiPictures }[], classOf: Int32Array, look: Look): TaskSplit {
  const kept = parts
    .flatMap(({ style, pictures }) =>
      Array.from(pictures.concepts, (concept, row) => ({ pictures, style, concept, row })),
    )
    .filter(({ concept }) => classOf[concept] >= 0);
  const width = (look.isGrey ? 1 : 3) * look.side ** 2;
  const values = new Float32Array(kept.length * width);
  kept.forEach(({ pictures, row }, i) => values.set(pictureOf(pictures, row, look), i * width));
  return {
    rows: kept.length,
    values,
    labels: Int32Array.from(kept, (k) => classOf[k.concept]),
    concepts: Int32Array.from(kept, (k) => k.concept),
    styles: Int32Array.from(kept, (k) => k.style),
  };
}

function pictureOf({ values, shape }: EmojiPictures, row: number, { side, isInk, isGrey }: Look): Float32Array {
  const width = shape[0] * shape[1] * shape[2];
  let picture: Float32Array = values.slice(row * width, (row + 1) * width);
  if (isInk) for (let i = 0; i < width; i++) picture[i] = 1 - picture[i];
  if (isGrey) picture = luma(picture);
  return side < shape[1] ? averagePool(picture, shape[1], shape[1] / side) : picture;
}

/** [3, area] -> [area], the weights of Rec. 601. */
function luma(picture: Float32Array): Float32Array {
  const area = picture.length / 3;
  return Float32Array.from(
    { length: area },
    (_, k) => 0.299 * picture[k] + 0.587 * picture[area + k] + 0.114 * picture[2 * area + k],
  );
}

const shuffled = (split: TaskSplit, name: SplitName): TaskSplit =>
  takeRows(split, prng(0, 'emoji', name).permutation(split.rows));
