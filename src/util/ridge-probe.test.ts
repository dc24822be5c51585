import { expect, it } from 'vitest';
import { prng } from './prng.ts';
import { ridgeProbe, type Features } from './ridge-probe.ts';

function blobs(seed: number, rows: number, spread: number): Features {
  const random = prng(seed, 'blobs');
  const labels = Int32Array.from({ length: rows }, () => random.int(3));
  const values = new Float64Array(rows * 2);
  labels.forEach((c, i) => {
    values[2 * i] = Math.cos(c * 2.1) + spread * random.normal();
    values[2 * i + 1] = Math.sin(c * 2.1) + spread * random.normal();
  });
  return { values, labels };
}
it('separates well-apart classes and is at chance on shuffled labels', () => {
  expect(ridgeProbe(blobs(1, 300, 0.1), blobs(2, 100, 0.1), blobs(3, 200, 0.1), 2, 3).accuracy).toBeGreaterThan(0.99);
  const random = prng(4, 'shuffle');
  const noise = (f: Features): Features => ({
    values: f.values,
    labels: Int32Array.from(f.labels, () => random.int(3)),
  });
  expect(
    ridgeProbe(noise(blobs(1, 300, 0.1)), noise(blobs(2, 100, 0.1)), noise(blobs(3, 200, 0.1)), 2, 3).accuracy,
  ).toBeLessThan(0.5);
});
it('is unchanged when a feature is rescaled or constant', () => {
  const wide = (f: Features): Features => ({
    labels: f.labels,
    values: Float64Array.from({ length: f.labels.length * 3 }, (_, i) =>
      i % 3 === 2 ? 7 : f.values[Math.floor(i / 3) * 2 + (i % 3)] * (i % 3 ? 100 : 1),
    ),
  });
  const sets = [blobs(1, 300, 0.6), blobs(2, 100, 0.6), blobs(3, 200, 0.6)] as const;
  const [a, b, c] = sets.map(wide);
  expect(ridgeProbe(a, b, c, 3, 3).predictions).toEqual(ridgeProbe(...sets, 2, 3).predictions);
});
it('refuses features that are not finite', () => {
  const bad = { values: [1, NaN], labels: [0] };
  expect(() => ridgeProbe(bad, bad, bad, 2, 2)).toThrow('expected finite features');
});
