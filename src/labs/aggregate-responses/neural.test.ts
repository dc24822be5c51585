// Part B: bags of images keep their means, sorted bags hold like images, and the stacked graph's losses obey the identity.
import { describe, expect, it } from 'vitest';
import { evaluateOutputs } from '../../graph/evaluate.ts';
import { prng } from '../../util/prng.ts';
import { bagError, makeBags, someBags } from './bagging.ts';
import { trainStep } from './neural.ts';
import { NO_PRIVACY } from './privacy.ts';

const ROWS = 23;
const PIXELS = 4;
const data = prng(1, 'bags');
const values = data.uniforms(ROWS * PIXELS);
const labels = Float32Array.from({ length: ROWS }, () => data.int(2));
const brightness = (row: number) => values.subarray(row * PIXELS, (row + 1) * PIXELS).reduce((a, b) => a + b, 0);

describe('bags', () => {
  it.each([false, true])('hold each image at most once, with their mean label (sorted: %s)', (isSorted) => {
    const { members, means } = makeBags(prng(2, 'deal'), values, labels, 4, isSorted, NO_PRIVACY);
    expect(members.length).toBe(20);
    expect(new Set(members).size).toBe(20);
    means.forEach((mean, a) =>
      expect(mean).toBeCloseTo([...members.subarray(4 * a, 4 * a + 4)].reduce((s, row) => s + labels[row], 0) / 4, 6),
    );
  });
  it('by brightness: bags do not overlap in brightness', () => {
    const { members } = makeBags(prng(2, 'deal'), values, labels, 4, true, NO_PRIVACY);
    const spans = Array.from({ length: 5 }, (_, a) => [...members.subarray(4 * a, 4 * a + 4)].map(brightness))
      .map((v) => [Math.min(...v), Math.max(...v)])
      .sort((a, b) => a[0] - b[0]);
    spans.slice(1).forEach(([low], i) => expect(low).toBeGreaterThanOrEqual(spans[i][1]));
  });
  it('are cut and judged by means alone', () => {
    const all = makeBags(prng(2, 'deal'), values, labels, 4, false, NO_PRIVACY);
    const held = someBags(all, 3, 5);
    expect(held.means.length).toBe(2);
    expect(bagError(held, labels, false)).toBeCloseTo(0, 12); // the truth meets every mean
    expect(bagError(held, new Float32Array(ROWS), false)).toBeCloseTo((held.means[0] ** 2 + held.means[1] ** 2) / 2, 6);
  });
  it('blur means under privacy, but not the members', () => {
    const plain = makeBags(prng(2, 'deal'), values, labels, 4, false, NO_PRIVACY);
    const noisy = makeBags(prng(2, 'deal'), values, labels, 4, false, 1);
    expect(noisy.members).toEqual(plain.members);
    expect(noisy.means.some((v, a) => Math.abs(v - plain.means[a]) > 0.01)).toBe(true);
  });
});

describe('stacked networks', () => {
  const inputs = 5;
  const k = 3;
  const bags = 2;
  const rows = 12;
  const seeds = 2;
  const members = [
    { rho: 0, own: false },
    { rho: 0.4, own: false },
    { rho: 1, own: true },
  ];
  const A = members.length;
  const S = seeds * A;
  const { program, params } = trainStep({
    inputs,
    hidden: 4,
    seeds,
    members,
    bags,
    k,
    rows,
    residency: 'device',
    logistic: false,
  });
  const random = prng(3, 'net');
  const train = random.uniforms(rows * inputs);
  const y = Float32Array.from({ length: rows }, () => random.int(2));
  const pick = random.permutation(rows);
  const theta = params.init(...Array.from({ length: S }, (_, s) => prng(s, 'init')));
  const means = Float32Array.from(
    { length: seeds * bags },
    (_, a) => pick.subarray(a * k, (a + 1) * k).reduce((s, row) => s + y[row], 0) / k,
  );
  const out = evaluateOutputs(program.graph, {
    ...program.zeroState(theta),
    ...program.rates(1, 1e-2),
    train,
    labels: y,
    pick,
    means,
  });
  const [loss, bag, instance, within] = [0, 1, 2, 3].map((i) => out.metrics.slice(i * S, (i + 1) * S));

  it('weigh bag and instance loss as each member asks', () => {
    for (let s = 0; s < S; s++) {
      const { rho, own } = members[s % A];
      expect(loss[s]).toBeCloseTo(own ? instance[s] : (1 - rho) * bag[s] + rho * instance[s], 6);
      if (!own) expect(instance[s]).toBeCloseTo(bag[s] + within[s], 10);
    }
  });
  it('the member that knows single answers learns from them', () => {
    // its instance loss is that of the labels, not of the means
    const changed = evaluateOutputs(program.graph, {
      ...program.zeroState(theta),
      ...program.rates(1, 1e-2),
      train,
      labels: y.map((v) => 1 - v),
      pick,
      means,
    }).metrics;
    for (let s = 0; s < S; s++) expect(changed[s] !== loss[s]).toBe(members[s % A].own);
  });
});
