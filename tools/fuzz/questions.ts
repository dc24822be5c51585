// Typed questions: sentences of the language and near it, with the noise of keyboards, phones and other scripts.
import { parseQuestion } from '../../src/data/scenes/parse.ts';
import { QUESTIONS } from '../../src/data/scenes/questions.ts';
import { decode, WORDS } from '../../src/data/scenes/vocabulary.ts';
import type { Prng } from '../../src/util/prng.ts';
import { ODD, pick } from './mutate.ts';
import { shorterTexts, type FuzzTarget } from './target.ts';

const OTHERS = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ...ODD,
  ...[
    "what's",
    'What’s',
    'there’re',
    'is',
    'the',
    'ISN´T',
    'красный',
    '円は何色',
    'כמה',
    'ñandú',
    '🔴',
    '１２',
    '\ud800',
    '<b>',
    '${x}',
    '%00',
  ],
];
const NOISE: ((rng: Prng, text: string) => string)[] = [
  (_, t) => t.toUpperCase(),
  (_, t) => t.normalize('NFD'),
  (_, t) => [...t].map((c) => (c > ' ' && c <= '~' ? String.fromCodePoint(c.codePointAt(0)! + 0xfee0) : c)).join(''),
  (rng, t) => t.replaceAll(' ', pick(rng, ['  ', '\u00a0', '\t', '\n', ' - ', ', ', '\u3000'])),
  (rng, t) => `${pick(rng, ['¿', '"', '“', '(', ''])}${t}${pick(rng, ['???', '?!', '.', '…', '”', '\u200b', ''])}`,
  (rng, t) => [...t].map((c) => (rng.next() < 0.2 ? `${c}\u00ad` : c)).join(''),
];
const BREAKS: ((rng: Prng, text: string) => string)[] = [
  (rng, t) => `${t} ${pick(rng, OTHERS)}`,
  (rng, t) => t.slice(0, rng.int(t.length + 1)),
  (rng, t) =>
    t
      .split(' ')
      .sort(() => rng.next() - 0.5)
      .join(' '),
  (rng) => Array.from({ length: rng.int(8) }, () => pick(rng, [...WORDS, ...OTHERS])).join(' '),
  (rng) => Array.from({ length: rng.int(40) }, () => String.fromCharCode(rng.int(65536))).join(''),
  (_, t) => t.repeat(500),
];

interface TypedQuestion {
  text: string;
  /** What it means; null when it was broken and may mean anything. */
  meaning: string | null;
}
const SAYS = /no words|names nothing|English words|does not know|cannot be asked/;

export const questionTarget: FuzzTarget<TypedQuestion> = {
  limitMs: 1000,
  make(rng) {
    const asked = decode(pick(rng, QUESTIONS).words);
    const isBroken = rng.next() < 0.5;
    let text = isBroken ? pick(rng, BREAKS)(rng, asked) : asked;
    for (let n = rng.int(4); n > 0; n--) text = pick(rng, NOISE)(rng, text);
    return { text, meaning: isBroken ? null : asked };
  },
  run({ text, meaning }) {
    const parsed = parseQuestion(text);
    const got = parsed.ok ? decode(parsed.words) : parsed.message;
    if (meaning !== null && got !== meaning) throw new RangeError(`expected "${meaning}"; got "${got}"`);
    if (parsed.ok) return 'understood';
    const outcome = got.match(SAYS)?.[0];
    if (!outcome || !got.includes('Ask for example') || got.length > 900 || /undefined|native code|\[object/.test(got))
      throw new RangeError(`expected a sentence that says what can be asked; got "${got}"`);
    return outcome;
  },
  shrink: ({ text, meaning }) => (meaning === null ? shorterTexts(text).map((t) => ({ text: t, meaning })) : []),
  show: ({ text }) => JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text),
};
