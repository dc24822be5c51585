// The concepts of the emoji set: which emoji count as one, what they are called in each language, and which split they belong to.
import type { EmojiLanguage, EmojiSection, SplitName } from '../../../src/data/types.ts';
import { prng } from '../../../src/util/prng.ts';
import { fromPackage, plainCode } from './icon-sets.ts';
import { SECTION_TITLES } from './section-titles.ts';

/** Languages of names and keywords; CLDR has about a hundred more. The first one is English. */
export const LANGUAGES = ['en', 'zh'];

/** An emoji as emojibase describes it. */
interface EmojiEntry {
  hexcode: string;
  emoji: string;
  label: string;
  group?: number;
  subgroup?: number;
  order?: number;
}
interface Messages {
  groups: { key: string; message: string }[];
  subgroups: { key: string; message: string }[];
}
interface Annotation {
  default?: string[];
  tts?: string[];
}

export interface Concept {
  /** Code points, lower case, joined by "-", without FE0F. */
  code: string;
  emoji: string;
  /** English CLDR short name. */
  name: string;
  group: string;
  subgroup: string;
}

const GENDERED = /200d-264[02]|^1f46[89]-200d/; // "woman running", "man astronaut": the concept is the person running, the astronaut
const LEFT_OUT_SUBGROUPS = new Set(['country-flag', 'subdivision-flag', 'skin-tone', 'hair-style']);

/** All emoji that may become concepts, in Unicode's order: no skin tones, no gendered twins, no flags of places. */
export function candidates(): Concept[] {
  const entries = fromPackage('emojibase-data/en/data.json') as EmojiEntry[];
  const keys = fromPackage('emojibase-data/meta/groups.json') as {
    groups: Record<string, string>;
    subgroups: Record<string, string>;
  };
  return entries
    .filter((e) => e.group !== undefined && e.subgroup !== undefined)
    .sort((a, b) => a.order! - b.order!)
    .map((e) => ({
      code: plainCode(e.hexcode),
      emoji: e.emoji,
      name: e.label,
      group: keys.groups[e.group!],
      subgroup: keys.subgroups[e.subgroup!],
    }))
    .filter((c) => !GENDERED.test(c.code) && !LEFT_OUT_SUBGROUPS.has(c.subgroup));
}

/** Name and keywords of each concept in one language, from CLDR; a keyword that equals the name is left out. */
export function namesIn(language: string, concepts: Concept[]): EmojiLanguage {
  const direct = annotations(`cldr-annotations-full/annotations/${language}/annotations.json`, 'annotations');
  const derived = annotations(
    `cldr-annotations-derived-full/annotationsDerived/${language}/annotations.json`,
    'annotationsDerived',
  );
  const entries = concepts.map(({ emoji, code }) => {
    const plain = emoji.replaceAll('\u{fe0f}', '');
    const entry = direct[plain] ?? direct[emoji] ?? derived[plain] ?? derived[emoji];
    if (!entry?.tts) throw new Error(`CLDR ${language}: a name for ${emoji} (${code}); got none`);
    return { name: entry.tts[0], keywords: (entry.default ?? []).filter((word) => word !== entry.tts![0]) };
  });
  return { names: entries.map((e) => e.name), keywords: entries.map((e) => e.keywords) };
}

function annotations(file: string, key: string): Record<string, Annotation> {
  return (fromPackage(file) as Record<string, { annotations: Record<string, Annotation> }>)[key].annotations;
}

/** The groups or subgroups that occur in `concepts`, in order of first use, with their titles. */
export function sections(concepts: Concept[], kind: 'group' | 'subgroup'): EmojiSection[] {
  const titles = LANGUAGES.map((language) => {
    const messages = fromPackage(`emojibase-data/${language}/messages.json`) as Messages;
    return new Map(messages[`${kind}s`].map((m) => [m.key, m.message]));
  });
  return [...new Set(concepts.map((c) => c[kind]))].map((key) => ({
    key,
    title: Object.fromEntries(
      LANGUAGES.map((language, i) => [language, SECTION_TITLES[language]?.[key] ?? titles[i].get(key) ?? key]),
    ) as EmojiSection['title'],
  }));
}

const SHARES: [SplitName, number][] = [
  ['test', 0.2],
  ['validation', 0.1],
  ['train', 0.7],
];

/** A split for every concept: 70 / 10 / 20 per cent, the same shares in every subgroup as nearly as whole numbers allow. */
export function assignSplits(concepts: Concept[]): SplitName[] {
  const order = [...new Set(concepts.map((c) => c.subgroup))].flatMap((subgroup) => {
    const members = concepts.flatMap((c, i) => (c.subgroup === subgroup ? [i] : []));
    return Array.from(prng('emoji', 'split', subgroup).permutation(members.length), (i) => members[i]);
  });
  const splits: SplitName[] = new Array(concepts.length);
  const owed = new Map<SplitName, number>(SHARES.map(([name]) => [name, 0]));
  for (const i of order) {
    for (const [name, share] of SHARES) owed.set(name, owed.get(name)! + share);
    const [next] = [...owed].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
    owed.set(next, owed.get(next)! - 1);
    splits[i] = next;
  }
  return splits;
}
