import { describe, expect, test } from 'vitest';
import { hash32, hashedNgrams, multiHot, normaliseText, wordsOf } from './text.ts';

test('normal form: case, accents, width, punctuation; other scripts stay', () => {
  expect(normaliseText('  Crème-Brûlée, №１! ')).toBe('creme brulee no1');
  expect(normaliseText('ﬁre\tENGINE')).toBe('fire engine');
  expect(normaliseText('cafe\u0301')).toBe(normaliseText('café'));
  expect(wordsOf('海洋 动物?')).toEqual(['海洋', '动物']);
  expect(wordsOf('がっこう हिन्दी 한국어')).toEqual(['がっこう', 'हिन्दी', '한국어']);
  expect(wordsOf(' ,. ')).toEqual([]);
});

describe('hash', () => {
  test('stays what it is', () => {
    expect(['', 'a', 'octopus', '章鱼'].map(hash32)).toEqual([2872998923, 444641715, 1269875350, 3363526505]);
  });
  test('fills buckets evenly', () => {
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) counts[hash32(`word ${i}`) % 64]++;
    const chiSquare = counts.reduce((s, c) => s + (c - 1000) ** 2 / 1000, 0);
    // 63 degrees of freedom: mean 63, deviation 11
    expect(chiSquare).toBeLessThan(63 + 4 * 11.2);
  });
});

describe('n-grams', () => {
  const id = (gram: string, buckets = 1000) => 1 + (hash32(gram) % buckets);
  test('of words, one and two at a time, padded and cut', () => {
    const options = { n: [1, 2], buckets: 1000, length: 8 };
    const expected = ['red', 'red panda', 'panda', 'panda face', 'face'].map((gram) => id(gram));
    expect([...hashedNgrams('Red panda (face)', options)]).toEqual([...expected, 0, 0, 0]);
    expect([...hashedNgrams('Red panda (face)', { ...options, length: 2 })]).toEqual(expected.slice(0, 2));
    expect([...hashedNgrams('', { ...options, length: 2 })]).toEqual([0, 0]);
  });
  test('of characters, with the ends of words; no character beyond 16 bits is cut', () => {
    const options = { n: 3, of: 'characters', buckets: 1000, length: 4 } as const;
    expect([...hashedNgrams('cat', options)]).toEqual([id('<ca'), id('cat'), id('at>'), 0]);
    expect([...hashedNgrams('𠮷𠮷', options)]).toEqual([id('<𠮷𠮷'), id('𠮷𠮷>'), 0, 0]);
  });
  test('refuses no buckets', () => {
    expect(() => hashedNgrams('a', { n: 1, buckets: 0, length: 1 })).toThrow(
      'expected buckets and a length; got 0 and 1',
    );
  });
});

test('bags of ids: counts, means, padding nowhere', () => {
  expect([...multiHot([1, 3, 3, 0, 0, 0], 3, 4)]).toEqual([0, 1, 0, 2, 0, 0, 0, 0]);
  const [, one, , three] = multiHot([1, 3, 3], 3, 4, true);
  expect(one).toBeCloseTo(1 / 3, 6);
  expect(three).toBeCloseTo(2 / 3, 6);
});
