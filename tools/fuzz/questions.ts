// Typed questions: sentences of the language and near it, with the noise of keyboards, phones and other scripts.
import { parseQuestion } from '../../src/data/scenes/parse.ts';
import { QUESTIONS } from '../../src/data/scenes/questions.ts';
import { decode, WORDS } from '../../src/data/scenes/vocabulary.ts';
import type { Prng } from '../../src/util/prng.ts';
import { pick, type FuzzTarget } from './target.ts';

const OTHERS = [
  ...Object.getOwnPropertyNames(Object.prototype),
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

export const questions: FuzzTarget = {
  mostMs: 1000,
  run(rng) {
    const { words } = pick(rng, QUESTIONS);
    const isBroken = rng.next() < 0.5;
    let text = isBroken ? pick(rng, BREAKS)(rng, decode(words)) : decode(words);
    for (let n = rng.int(4); n > 0; n--) text = pick(rng, NOISE)(rng, text);
    const parsed = parseQuestion(text);
    if (!isBroken && !(parsed.ok && decode(parsed.words) === decode(words)))
      throw new Error(
        `question: expected "${decode(words)}" out of ${JSON.stringify(text)}; got ${JSON.stringify(parsed)}`,
      );
    if (parsed.ok) return 'understood';
    if (
      !/Ask for example/.test(parsed.message) ||
      parsed.message.length > 900 ||
      /undefined|native code|\[object/.test(parsed.message)
    )
      throw new Error(
        `question ${JSON.stringify(text)}: expected a sentence that says what can be asked; got ${parsed.message}`,
      );
    return parsed.message.match(/no words|names nothing|English words|does not know|cannot be asked/)?.[0] ?? 'FAULT';
  },
};
