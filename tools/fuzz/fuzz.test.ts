import { describe, expect, it } from 'vitest';
import { prng } from '../../src/util/prng.ts';
import { fuzz, shorterTexts, type FuzzTarget } from './target.ts';
import { TARGETS } from './targets.ts';

describe('a few hundred random and damaged inputs', () => {
  it.each(Object.keys(TARGETS))('%s', async (name) => {
    const { failures, outcomes } = await fuzz({ ...(await TARGETS[name]()), limitMs: 5000 }, 300, 7);
    expect(failures).toEqual([]);
    expect(Object.values(outcomes).reduce((a, b) => a + b, 0)).toBe(300);
  });
});

describe('the fuzzer', () => {
  const planted: FuzzTarget<string> = {
    limitMs: 1000,
    make: (random) => Array.from({ length: 40 }, () => 'abcdefgh'[random.int(8)]).join(''),
    run(text) {
      if (/a.*h/.test(text)) throw new TypeError('planted');
      return 'fine';
    },
    shrink: shorterTexts,
    show: (text) => text,
  };
  it('finds a planted fault and makes it small', async () => {
    const { failures } = await fuzz(planted, 50, 1);
    expect(failures[0]).toMatchObject({ reason: 'TypeError: planted', input: 'ah' });
  });
  it("takes the project's own errors for outcomes", async () => {
    const own = { ...planted, isOwnError: (error: Error) => error instanceof TypeError };
    expect((await fuzz(own, 50, 1)).failures).toEqual([]);
  });
  it('makes the same inputs from the same seed', () =>
    expect(planted.make(prng(3, 'fuzz', 5))).toBe(planted.make(prng(3, 'fuzz', 5))));
});
