// The emoji set in the lab's form: classes, pairs of drawings, splits that share nothing, thumbnails for the globe.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { fetchFromDisk } from '../../data/fetch-disk.ts';
import { openDataStore } from '../../data/store.ts';
import { augment, VIEW_NUMBERS } from '../../data/augment.ts';
import { evaluateOutputs } from '../../graph/evaluate.ts';
import { Graph } from '../../graph/graph.ts';
import { prng } from '../../util/prng.ts';
import { readSet } from './setup.ts';
import { drawPairs, loadEmojiSets, loadFashion, type Sets } from './sets.ts';

const store = openDataStore(fetchFromDisk(fileURLToPath(new URL('../../../public/', import.meta.url))));
const sizes = { probe: 1000, validation: 200, test: 300, spread: 300, globe: 300, chunk: 100 };
const halves = (pick: Int32Array) =>
  [pick.subarray(0, pick.length / 2), pick.subarray(pick.length / 2)].map((half) => Array.from(half));

test('pairs: different concepts, two drawings of each, the same from the same stream', () => {
  const drawings = [[0, 5], [1], [2, 6, 7], [3, 4]];
  const conceptOf = (row: number) => drawings.findIndex((rows) => rows.includes(row));
  const pick = drawPairs(prng(1, 'pairs'), 3, drawings);
  const [a, b] = halves(pick).map((half) => half.map(conceptOf));
  expect(a).toEqual(b);
  expect(new Set(a).size).toBe(3);
  expect(drawPairs(prng(1, 'pairs'), 3, drawings)).toEqual(pick);
});

test('fashion: both views of a pair come from one picture', async () => {
  const sets = await loadFashion(store, sizes);
  const [a, b] = halves(sets.pairs(prng(2, 'pairs'), 64));
  expect(a).toEqual(b);
  expect(new Set(a).size).toBe(64);
  expect(sets.mean).toBeCloseTo(0.286, 2);
  expect(sets.deviation).toBeCloseTo(0.353, 2);
});

describe('emoji', () => {
  let sets: Sets;
  beforeAll(async () => {
    sets = await loadEmojiSets(store, sizes);
  });

  test('64 classes, every one among the training pictures; the sizes that were asked for', () => {
    expect(new Set(sets.train.labels).size).toBe(64);
    expect([sets.classes, sets.validation.rows, sets.test.rows]).toEqual([64, 200, 300]);
    for (const { rows, values, labels } of [sets.train, sets.validation, sets.test]) {
      expect(values).toHaveLength(rows * 3 * 32 * 32);
      expect(Math.min(...labels)).toBeGreaterThanOrEqual(0);
    }
  });
  test('partners are of one class, and often two different drawings', () => {
    const [a, b] = halves(sets.pairs(prng(3, 'pairs'), 256));
    expect(a.map((row) => sets.train.labels[row])).toEqual(b.map((row) => sets.train.labels[row]));
    const different = a.filter((row, i) => row !== b[i]).length;
    expect(different / 256).toBeGreaterThan(0.5);
    expect(different / 256).toBeLessThan(0.8);
  });
  test('no test picture is a training picture', () => {
    const width = 3 * 32 * 32;
    const key = (values: Float32Array, row: number) => values.subarray(row * width, (row + 1) * width).join();
    const known = new Set(Array.from({ length: sets.train.rows }, (_, row) => key(sets.train.values, row)));
    expect(Array.from({ length: 60 }, (_, row) => key(sets.test.values, row)).filter((k) => known.has(k))).toEqual([]);
  });
  test('the globe: named groups, thumbnails with drawings on black ground', () => {
    const { labels, classes, thumbs, thumbSide, rows } = sets.globe;
    expect(classes!.length).toBeLessThanOrEqual(10);
    expect(new Set(labels).size).toBe(classes!.length);
    expect(thumbs).toHaveLength(rows * thumbSide ** 2);
    const empty = thumbs.filter((v) => v === 0).length / thumbs.length;
    expect(empty).toBeGreaterThan(0.1);
    expect(empty).toBeLessThan(0.7);
  });
});

test('what is measured is the picture itself, every pixel', () => {
  const side = 28;
  const random = prng(5, 'still');
  const values = random.uniforms(2 * side * side, 0.1, 1);
  const g = new Graph();
  g.output('y', augment(g.input('x', [2, side, side]), g.input('views', [2, VIEW_NUMBERS])));
  const { views } = readSet({ values }, 2).feeds(0, 2);
  const { y } = evaluateOutputs(g, { x: values, views });
  Array.from(y).forEach((v, i) => expect(v).toBeCloseTo(values[i], 6));
});
