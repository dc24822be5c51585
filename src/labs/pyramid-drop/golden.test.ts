// Trainer and page agree on the shipped weights, here on WASM in Node; e2e/pyramid-drop.spec.ts asks a browser.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fetchFromDisk } from '../../data/fetch-disk.ts';
import { openDataStore } from '../../data/store.ts';
import { openEngine } from '../../runtime/engine/engine.ts';
import { byLayers, byTrainer, CUTS, differenceOf, QUESTIONS, type Answered } from './testing/golden.ts';

const data = openDataStore(fetchFromDisk(fileURLToPath(new URL('../../../public/', import.meta.url))));

describe("32 questions through the trainer's graph and through the page's", () => {
  it.each(['packed', 'pyramid'] as const)('%s', async (course) => {
    const ctx = { data, engine: await openEngine('wasm') };
    const want = await byTrainer(ctx, course);
    const got = await byLayers(ctx, course);
    const { logits, scores, wrongSets, clearSets } = differenceOf(want, got);
    expect(logits).toBeLessThan(1e-3);
    expect(scores).toBeLessThan(1e-5);
    expect(wrongSets).toBe(0);
    expect(clearSets).toBeGreaterThanOrEqual(course === 'packed' ? 0 : 0.8 * QUESTIONS * CUTS.length);
    await ctx.engine.dispose();
  });
  it('a planted fault is seen', () => {
    const answered = (): Answered => ({
      logits: Array.from({ length: QUESTIONS * 3 }, (_, i) => i),
      cuts: [
        {
          scores: Array.from({ length: QUESTIONS * 4 }, (_, i) => [0.4, 0.3, 0.2, 0.1][i % 4]),
          kept: Array.from({ length: QUESTIONS * 2 }, (_, i) => i % 2),
        },
      ],
    });
    expect(differenceOf(answered(), answered())).toEqual({ logits: 0, scores: 0, wrongSets: 0, clearSets: QUESTIONS });
    const wrong = answered();
    wrong.cuts[0].kept[3] = 2;
    wrong.logits[2] += 0.01;
    expect(differenceOf(answered(), wrong)).toMatchObject({ wrongSets: 1, logits: expect.closeTo(0.01) });
    expect(differenceOf(answered(), { ...answered(), logits: [1] }).logits).toBeNaN();
  });
});
