// Reads a question as a visitor types it ("What colour is the leftmost one?") into the scenes' closed language.
import { QUESTIONS, type QuestionType, type Words } from './questions.ts';
import { COLOURS, DIRECTIONS, EXTREMES, SHAPES, WORDS, decode, isWord, token } from './vocabulary.ts';

/** Other words for words of the language; '' leaves the word out. */
const SYNONYMS: Record<string, string> = {
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
};
const FILLERS = new Set(
  "a an the is are of what which how do does has have on in to see you we i object objects thing things one ones picture image please it its at that it's".split(
    ' ',
  ),
);

export type ParsedQuestion = { ok: true; type: QuestionType; words: Words } | { ok: false; message: string };

const byContent = new Map(QUESTIONS.map((q) => [contentKey(q.words), q]));
/** A question without its "of" and "than": what must agree. */
function contentKey(words: Words): string {
  return words.filter((w) => w !== token('of') && w !== token('than')).join(' ');
}

/** "squares" -> "square", "crosses" -> "cross". */
const singular = (word: string) =>
  [word, word.replace(/s$/, ''), word.replace(/es$/, '')].find((w) => isWord(w) || w in SYNONYMS) ?? word;
const translate = (word: string) => {
  const w = singular(word);
  return SYNONYMS[w] ?? w;
};

/** Orders in which people say the same thing: "exist" and "shape"/"colour" are dropped where another word carries the meaning. */
function readings(words: string[]): string[][] {
  const asked =
    words.includes('more') || words.includes('count')
      ? words.filter((w) => w !== 'exist' && w !== 'shape' && w !== 'colour')
      : words;
  const noThere = asked.filter((w) => w !== 'exist');
  const bare = words.includes('exist') ? ['exist', ...noThere.filter((w) => w !== 'shape')] : noThere;
  return [words, asked, noThere, bare];
}

const HELP = `Ask for example: "colour of circle", "exist red square", "count blue", "shape of leftmost", "colour left of green ring", "more red than blue".`;
const KNOWN = `Colours: ${COLOURS.join(', ')}. Shapes: ${SHAPES.join(', ')}. Places: ${[...DIRECTIONS, ...EXTREMES].join(', ')}.`;

/** A question of the language, or a message that says which words exist. */
export function parseQuestion(text: string): ParsedQuestion {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9' ]+/g, ' ')
    .split(/\s+/)
    .filter((w) => w && !FILLERS.has(w))
    .map(translate);
  const unknown = words.filter((w) => !isWord(w) || WORDS.indexOf(w) < 2);
  if (unknown.length)
    return {
      ok: false,
      message: `The model does not know ${unknown.map((w) => `"${w}"`).join(', ')}. ${KNOWN} ${HELP}`,
    };
  for (const reading of readings(words)) {
    const found = byContent.get(contentKey(reading.map(token)));
    if (found) return { ok: true, type: found.type, words: found.words };
  }
  return { ok: false, message: `The model cannot be asked "${decode(words.map(token))}". ${HELP}` };
}
