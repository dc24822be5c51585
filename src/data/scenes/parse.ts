// Reads a question as a visitor types it ("What colour is the leftmost one?") into the scenes' closed language.
import { QUESTIONS, type QuestionType, type Words } from './questions.ts';
import { COLOURS, DIRECTIONS, EXTREMES, SHAPES, isWord, token, type Word } from './vocabulary.ts';

/** Other words for words of the language. */
const SYNONYMS = new Map<string, Word>(
  Object.entries({
    color: 'colour',
    colors: 'colour',
    colours: 'colour',
    form: 'shape',
    kind: 'shape',
    there: 'exist',
    exists: 'exist',
    any: 'exist',
    many: 'count',
    number: 'count',
    up: 'above',
    over: 'above',
    top: 'topmost',
    highest: 'topmost',
    uppermost: 'topmost',
    down: 'below',
    under: 'below',
    beneath: 'below',
    bottom: 'bottommost',
    lowest: 'bottommost',
    disc: 'circle',
    disk: 'circle',
    box: 'square',
    plus: 'cross',
    violet: 'purple',
    magenta: 'purple',
    turquoise: 'cyan',
    round: 'circle',
    colored: 'colour',
    coloured: 'colour',
    hue: 'colour',
    amount: 'count',
    higher: 'above',
    lower: 'below',
  }),
);
/** Words that carry no meaning here. */
const FILLERS = new Set(
  'a an the is are of what whats which how do does has have on in to see you we i object objects thing things one ones picture image please it its at that this these those here can could would tell me some with be'.split(
    ' ',
  ),
);

export type ParsedQuestion = { ok: true; type: QuestionType; words: Words } | { ok: false; message: string };

const byContent = new Map(QUESTIONS.map((q) => [contentKey(q.words), q]));
/** A question without its "of" and "than": what must agree. */
function contentKey(words: Words): string {
  return words.filter((w) => w !== token('of') && w !== token('than')).join(' ');
}

/** Every mark that people, keyboards and text programs write for an apostrophe. */
const APOSTROPHES = /[\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07]/g;
/** Lower case, Latin letters without accents, no wide letters and invisible signs, contractions written out: "What’s" -> "what is". */
function normalised(text: string): string {
  return text
    .replace(APOSTROPHES, "'")
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/(^|[^\p{L}\p{M}]|[a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(/\bcan't\b/g, 'can not')
    .replace(/n't\b/g, ' not')
    .replace(/'(s|re|ve|d|ll|m)\b/g, ' ')
    .replace(/\b(left|right|top|bottom)[\s\p{Pd}]+most\b/gu, '$1most');
}
/** Runs of letters and digits of any script. */
const wordsOf = (text: string): string[] =>
  normalised(text)
    .replaceAll("'", '')
    .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** "squares" -> "square", "crosses" -> "cross". */
const singular = (word: string) =>
  [word, word.replace(/s$/, ''), word.replace(/es$/, '')].find((w) => isWord(w) || SYNONYMS.has(w)) ?? word;
const translate = (word: string): string => {
  const w = singular(word);
  return SYNONYMS.get(w) ?? w;
};

/** Orders in which people say the same thing: "exist" and "shape"/"colour" are dropped where another word carries the meaning. */
function readings(words: string[]): string[][] {
  const asked =
    words.includes('more') || words.includes('count')
      ? words.filter((w) => w !== 'exist' && w !== 'shape' && w !== 'colour')
      : words;
  const noThere = asked.filter((w) => w !== 'exist');
  const bare = words.includes('exist') ? ['exist', ...noThere.filter((w) => w !== 'shape')] : noThere;
  return [words, asked, noThere, bare, headFirst(noThere)];
}
/** "circle colour" -> "colour circle". */
function headFirst(words: string[]): string[] {
  const isHead = (w: string) => w === 'colour' || w === 'shape' || w === 'count' || w === 'more';
  return [...words.filter(isHead), ...words.filter((w) => !isHead(w))];
}

const HELP = `Ask for example: "colour of circle", "exist red square", "count blue", "shape of leftmost", "colour left of green ring", "more red than blue".`;
const KNOWN = `Colours: ${COLOURS.join(', ')}. Shapes: ${SHAPES.join(', ')}. Places: ${[...DIRECTIONS, ...EXTREMES].join(', ')}.`;
/** Words of a question that a message repeats, and letters of each. */
const MOST_NAMED = 5;
const MOST_LETTERS = 40;
function named(words: string[]): string {
  const short = (w: string) => ([...w].length > MOST_LETTERS ? `${[...w].slice(0, MOST_LETTERS).join('')}…` : w);
  const list = [...new Set(words)];
  const more = list.length - MOST_NAMED;
  return `${list
    .slice(0, MOST_NAMED)
    .map((w) => `"${short(w)}"`)
    .join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A question of the language, or a message that says what can be asked. */
export function parseQuestion(text: string): ParsedQuestion {
  const all = wordsOf(text);
  const words = all.filter((w) => !FILLERS.has(w)).map(translate);
  const refuse = (message: string): ParsedQuestion => ({ ok: false, message });
  if (!all.length) return refuse(`There are no words in this question. ${HELP}`);
  if (!words.length) return refuse(`This question names nothing that the model can tell. ${KNOWN} ${HELP}`);
  const unknown = words.filter((w) => !isWord(w));
  if (unknown.some((w) => !/^[a-z0-9]+$/.test(w)))
    return refuse(`The model knows a few English words, and not ${named(unknown)}. ${KNOWN} ${HELP}`);
  if (unknown.length) return refuse(`The model does not know ${named(unknown)}. ${KNOWN} ${HELP}`);
  for (const reading of readings(words)) {
    const found = byContent.get(contentKey(reading.map(token)));
    if (found) return { ok: true, type: found.type, words: found.words };
  }
  return refuse(`The model cannot be asked ${named([words.join(' ')])}. ${HELP}`);
}
