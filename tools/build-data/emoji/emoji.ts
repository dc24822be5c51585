// The emoji set: concepts drawn in at least three of six free styles, rasterised at 32 and 64 pixels, with names in several languages.
import { readFile } from 'node:fs/promises';
import { packImages } from '../../../src/data/image-codec.ts';
import type { EmojiDataset, EmojiShard, EmojiTable, FileEntry, Licence, SplitName } from '../../../src/data/types.ts';
import type { Built } from '../built.ts';
import { fileEntry, gzip } from '../shard-file.ts';
import { assignSplits, candidates, type Concept, LANGUAGES, namesIn, sections } from './concepts.ts';
import { fromPackage, IconSet, STYLES } from './icon-sets.ts';
import { matchAll } from './matches.ts';
import { rasterise } from './raster.ts';

const SIZES = [32, 64];
const MIN_STYLES = 3;
/** How far red, green, blue and alpha may move, of 255: it halves the files and cannot be seen. */
const LOSS = [3, 3, 3, 2];
const SPLITS: SplitName[] = ['train', 'validation', 'test'];

/** What is drawn: concepts in table order with their splits, and for each style the icon of each concept, if it has one. */
export interface EmojiPlan {
  concepts: Concept[];
  splits: SplitName[];
  icons: Map<string, (string | undefined)[]>;
  sets: Map<string, IconSet>;
}

export function planEmoji(): EmojiPlan {
  const sets = new Map(STYLES.map((style) => [style.id, new IconSet(style)]));
  const all = candidates();
  const matched = matchAll(all, sets);
  const concepts = all.filter((c) => STYLES.filter((style) => matched.get(style.id)!.has(c.code)).length >= MIN_STYLES);
  const icons = new Map([...matched].map(([style, byCode]) => [style, concepts.map((c) => byCode.get(c.code))]));
  return { concepts, splits: assignSplits(concepts), icons, sets };
}

/** The content of one shard before gzip, and its rows. */
export function emojiShard(
  plan: EmojiPlan,
  style: string,
  size: number,
  split: SplitName,
): { content: Uint8Array; rows: number } {
  const names = plan.icons
    .get(style)!
    .filter((name, i): name is string => name !== undefined && plan.splits[i] === split);
  const pixels = Buffer.concat(names.map((name) => rasterise(plan.sets.get(style)!.svg(name), size)));
  return {
    content: packImages(pixels, { rows: names.length, channels: 4, height: size, width: size }, LOSS),
    rows: names.length,
  };
}

export async function buildEmoji(): Promise<Built> {
  const plan = planEmoji();
  const files = new Map<string, Uint8Array>();
  const put = (file: string, bytes: Uint8Array): FileEntry => {
    files.set(file, bytes);
    return fileEntry(file, bytes);
  };
  const putJson = (file: string, value: unknown): FileEntry => put(file, Buffer.from(`${JSON.stringify(value)}\n`));

  const shards = STYLES.flatMap(({ id: style }) =>
    SIZES.flatMap((size) =>
      SPLITS.map((split): EmojiShard => {
        const { content, rows } = emojiShard(plan, style, size, split);
        return { ...put(`emoji/${style}-${size}-${split}.bin`, gzip(content)), rows, style, size, split };
      }),
    ),
  );
  const concepts = putJson('emoji/concepts.json', tableOf(plan));
  const languages = Object.fromEntries(
    LANGUAGES.map((language) => [language, putJson(`emoji/names-${language}.json`, namesIn(language, plan.concepts))]),
  );
  for (const text of new Set(allLicences().map((licence) => licence.text))) {
    files.set(text, await readFile(new URL(`../${text.replace('emoji/', '')}`, import.meta.url)));
  }
  return { dataset: describe(plan, { concepts, languages, shards }), files };
}

/** The concept table. */
function tableOf({ concepts, splits, icons }: EmojiPlan): EmojiTable {
  const groups = sections(concepts, 'group');
  const subgroups = sections(concepts, 'subgroup');
  return {
    version: 1,
    groups,
    subgroups,
    code: concepts.map((c) => c.code),
    emoji: concepts.map((c) => c.emoji),
    group: concepts.map((c) => groups.findIndex((g) => g.key === c.group)),
    subgroup: concepts.map((c) => subgroups.findIndex((s) => s.key === c.subgroup)),
    split: splits,
    styles: concepts.map((_, i) =>
      STYLES.reduce((bits, style, s) => bits | (icons.get(style.id)![i] === undefined ? 0 : 1 << s), 0),
    ),
  };
}

const NAME_LICENCES: Licence[] = [
  {
    id: 'Unicode-3.0',
    holder: '2004-2026 Unicode, Inc. (names and keywords, CLDR)',
    text: 'emoji/licences/Unicode-3.0.txt',
  },
  {
    id: 'MIT',
    holder: '2017-2019 Miles Johnson (groups and subgroups, emojibase)',
    text: 'emoji/licences/MIT-emojibase.txt',
  },
];
const allLicences = (): Licence[] => [...STYLES.map((style) => style.licence), ...NAME_LICENCES];
const versioned = (name: string): string =>
  `npm package ${name} ${(fromPackage(`${name}/package.json`) as { version: string }).version}`;

const describe = (
  { concepts, splits, icons }: EmojiPlan,
  parts: Pick<EmojiDataset, 'concepts' | 'languages' | 'shards'>,
): EmojiDataset => ({
  id: 'emoji',
  kind: 'emoji',
  title: { en: 'Emoji in six styles', zh: '六种画风的表情符号' },
  description: {
    en: `${concepts.length.toLocaleString('en')} things and feelings, each drawn in three to six styles, with names and keywords.`,
    zh: `${concepts.length} 种事物与表情，每种有三至六种画风，并附名称与关键词。`,
  },
  source: [
    ...['cldr-annotations-full', 'cldr-annotations-derived-full', 'emojibase-data'].map(versioned),
    'and one package for each style',
  ].join(', '),
  homepage: 'https://unicode.org/emoji/charts/full-emoji-list.html',
  licences: NAME_LICENCES,
  build: 'npm run build-data -- emoji',
  notes: [
    'One concept for each emoji of Unicode, without skin tones, gendered twins and flags of places; drawn in at least three styles.',
    'Rasterised at 128 pixels and averaged down; values may be off by 3 of 255 (alpha by 2).',
    'Splits are by concept: about 70 / 10 / 20 per cent, alike in every subgroup.',
    'Where a style draws two concepts alike to the last pixel, one of them goes without that drawing.',
  ],
  sizes: SIZES,
  styles: STYLES.map(({ id, title, package: name, homepage, licence, credit }) => ({
    id,
    title,
    source: versioned(name),
    homepage,
    licence,
    credit,
    concepts: icons.get(id)!.filter((icon) => icon !== undefined).length,
  })),
  splits: Object.fromEntries(
    SPLITS.map((name) => [name, splits.filter((s) => s === name).length]),
  ) as EmojiDataset['splits'],
  ...parts,
});
