// Functions from task to task, on a small made task whose images say their class and row.
import { describe, expect, test } from 'vitest';
import { prng } from '../../util/prng.ts';
import { changeImages, pooled, withLabelNoise } from './change.ts';
import { episodes, stream } from './episodes.ts';
import { conceptPairs, samePairs } from './pairs.ts';
import { byStyle, firstRows, holdOutClasses, longTail, onlyClasses, subsetPerClass } from './select.ts';
import { pixelStatistics, rowsBy, type Task, type TaskSplit } from './task.ts';

const CLASSES = 5;

/** Row r is of class r % 5, concept r >> 1, style r % 2 and holds r in every pixel. */
const split = (rows: number): TaskSplit => ({
  rows,
  values: Float32Array.from({ length: rows * 16 }, (_, i) => Math.floor(i / 16)),
  labels: Int32Array.from({ length: rows }, (_, r) => r % CLASSES),
  concepts: Int32Array.from({ length: rows }, (_, r) => r >> 1),
  styles: Int32Array.from({ length: rows }, (_, r) => r % 2),
});
const task: Task = {
  train: split(100),
  validation: split(20),
  test: split(50),
  side: 4,
  channels: 1,
  classes: CLASSES,
  names: ['a', 'b', 'c', 'd', 'e'],
  styles: ['plain', 'round'],
};
const countOf = (labels: ArrayLike<number>, c: number) => rowsBy(labels).get(c)?.length ?? 0;
/** The row that an image was made as. */
const origin = (s: TaskSplit, row: number) => s.values[row * 16];

/** Labels, concepts and styles still belong to their images. */
function expectWhole(s: TaskSplit, labelOf: (origin: number) => number): void {
  for (let row = 0; row < s.rows; row++) {
    const from = origin(s, row);
    expect([s.labels[row], s.concepts![row], s.styles![row]]).toEqual([labelOf(from), from >> 1, from % 2]);
  }
}

describe('selection', () => {
  test('rows per class: the same number of each, smaller parts of larger, order kept', () => {
    const few = subsetPerClass(task, prng(1), 4);
    const more = subsetPerClass(task, prng(1), 9);
    for (let c = 0; c < CLASSES; c++) expect(countOf(few.train.labels, c)).toBe(4);
    const origins = (t: Task) => Array.from({ length: t.train.rows }, (_, r) => origin(t.train, r));
    expect(origins(more)).toEqual(expect.arrayContaining(origins(few)));
    expect(origins(more)).toEqual(origins(more).toSorted((a, b) => a - b));
    expectWhole(few.train, (from) => from % CLASSES);
    expect(few.test).toBe(task.test);
    expect(() => subsetPerClass(task, prng(1), 21)).toThrow('at most 20 rows of class 0; got 21');
  });
  test('a long tail falls by equal factors from head to tail; an order may turn it round', () => {
    const long = longTail(task, prng(1), 16);
    expect([0, 1, 2, 3, 4].map((c) => countOf(long.train.labels, c))).toEqual([20, 10, 5, 3, 1]);
    const turned = longTail(task, prng(1), 16, [4, 3, 2, 1, 0]);
    expect([0, 1, 2, 3, 4].map((c) => countOf(turned.train.labels, c))).toEqual([1, 3, 5, 10, 20]);
  });
  test('held-out classes are in no split of the seen task; labels are numbered anew with their names', () => {
    const { seen, unseen } = holdOutClasses(task, [1, 3]);
    expect([seen.names, unseen.names]).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ]);
    for (const s of [seen.train, seen.validation, seen.test])
      expectWhole(s, (from) => [0, 2, 4].indexOf(from % CLASSES));
    expectWhole(unseen.test, (from) => [1, 3].indexOf(from % CLASSES));
    expect(seen.test.rows + unseen.test.rows).toBe(50);
    expect(() => onlyClasses(task, [1, 1])).toThrow('different classes in 0..4; got 1, 1');
  });
  test('styles of each split', () => {
    const styled = byStyle(task, { train: ['plain'], test: ['round'] });
    expect(styled.train.styles!.every((s) => s === 0)).toBe(true);
    expect(styled.test.styles!.every((s) => s === 1)).toBe(true);
    expect(styled.validation.rows).toBe(20);
    expect(() => byStyle(task, { test: ['flat'] })).toThrow('styles of plain, round; got flat');
  });
  test('first rows', () => {
    expect(firstRows(task, { train: 7 }).train.rows).toBe(7);
    expect(() => firstRows(task, { test: 51 })).toThrow('at most 50 test rows; got 51');
  });
});

describe('label noise', () => {
  test('symmetric: the exact share of each class, every other class drawn about as often, the truth kept', () => {
    const large: Task = { ...task, train: split(5000) };
    const { train, test: clean } = withLabelNoise(large, prng(1), { share: 0.4 });
    const wrong = new Map<number, number>();
    train.labels.forEach((label, r) => {
      if (label !== r % CLASSES)
        wrong.set((r % CLASSES) * CLASSES + label, (wrong.get((r % CLASSES) * CLASSES + label) ?? 0) + 1);
    });
    expect(wrong.size).toBe(CLASSES * (CLASSES - 1));
    expect([...wrong.values()].reduce((a, b) => a + b, 0)).toBe(2000);
    // 100 expected, deviation 8.7
    for (const count of wrong.values()) expect(Math.abs(count - 100)).toBeLessThan(40);
    expect(train.cleanLabels).toEqual(large.train.labels);
    expect(clean).toBe(task.test);
  });
  test('to a confusable class; all of it', () => {
    const { train } = withLabelNoise(task, prng(1), { share: 1, confusedWith: [1, 2, 3, 4, 0] });
    expect(train.labels.every((label, r) => label === (r + 1) % CLASSES)).toBe(true);
    expect(() => withLabelNoise(task, prng(1), { share: 0.1, confusedWith: [0, 2, 3, 4, 1] })).toThrow('another class');
    expect(() => withLabelNoise(task, prng(1), { share: 1.1 })).toThrow('a share in 0..1; got 1.1');
  });
});

describe('images', () => {
  test('a change sees the shape, works on a copy, on named splits only', () => {
    const seen: unknown[] = [];
    const dark = changeImages(
      task,
      (values, about) => {
        seen.push(about);
        values.fill(0);
      },
      ['test'],
    );
    expect(seen).toEqual([{ rows: 50, shape: [1, 4, 4], split: 'test' }]);
    expect(dark.test.values.every((v) => v === 0)).toBe(true);
    expect(task.test.values[16]).toBe(1);
    expect(dark.train).toBe(task.train);
    expect(() => changeImages(task, (v) => v.slice(1))).toThrow('expected 1600 values of train; got 1599');
  });
  test('pooling keeps means; statistics by hand', () => {
    const small = pooled(task, 2);
    expect([small.side, small.train.values.length]).toEqual([2, 400]);
    expect(pixelStatistics(small).mean).toBeCloseTo(49.5, 10);
    expect(pixelStatistics(task).deviation).toBeCloseTo(Math.sqrt((100 ** 2 - 1) / 12), 8);
    expect(() => pooled(task, 3)).toThrow('a side that divides 4; got 3');
  });
});

describe('episodes', () => {
  const plan = { ways: 3, shots: 2, queries: 4 };
  test('sizes, classes in order, no concept on both sides, the same in any order of asking', () => {
    const at = episodes(task.train, prng(1), plan);
    for (let t = 0; t < 50; t++) {
      const { classes, support, query } = at(t);
      expect(new Set(classes).size).toBe(3);
      expect([...support].map((row) => task.train.labels[row])).toEqual([...classes].flatMap((c) => [c, c]));
      expect([...query].map((row) => task.train.labels[row])).toEqual([...classes].flatMap((c) => [c, c, c, c]));
      for (let k = 0; k < 3; k++) {
        const own = [...support.slice(2 * k, 2 * k + 2), ...query.slice(4 * k, 4 * k + 4)];
        expect(new Set(own.map((row) => task.train.concepts![row])).size).toBe(6);
      }
    }
    expect(episodes(task.train, prng(1), plan)(7)).toEqual(at(7));
    expect(at(8)).not.toEqual(at(7));
  });
  test('classes of one concept each need rows, not units', () => {
    const { train } = task;
    const byConcept = { ways: 10, shots: 1, queries: 1, classOf: train.concepts };
    expect(() => episodes(train, prng(1), byConcept)).toThrow('10 classes of at least 2 units; got 0');
    const { support, query } = episodes(train, prng(1), { ...byConcept, unitOf: null })(0);
    support.forEach((row, i) => {
      expect(train.concepts![query[i]]).toBe(train.concepts![row]);
      expect(query[i]).not.toBe(row);
    });
  });
});

test('a stream gives every class once, as tasks that can be undone', () => {
  const stages = stream(task, prng(1), 2);
  expect(stages.map((s) => s.classes.length)).toEqual([2, 2, 1]);
  expect(stages.flatMap((s) => s.classes).toSorted()).toEqual([0, 1, 2, 3, 4]);
  for (const { task: stage, classes } of stages) expectWhole(stage.train, (from) => classes.indexOf(from % CLASSES));
});

describe('pairs', () => {
  test('partners are of one concept, concepts differ, and different drawings are different', () => {
    for (const areDifferent of [false, true]) {
      const draw = conceptPairs(task.train, areDifferent);
      const random = prng(1, 'pairs');
      let same = 0;
      for (let t = 0; t < 100; t++) {
        const rows = draw(random, 20);
        const concepts = Array.from(rows, (row) => task.train.concepts![row]);
        expect(concepts.slice(20)).toEqual(concepts.slice(0, 20));
        expect(new Set(concepts).size).toBe(20);
        for (let i = 0; i < 20; i++) same += Number(rows[i] === rows[i + 20]);
      }
      // a half of 2,000, deviation 22
      if (areDifferent) expect(same).toBe(0);
      else expect(Math.abs(same - 1000)).toBeLessThan(120);
    }
    expect(() => conceptPairs(task.train)(prng(1), 51)).toThrow('at most 50 concepts; got 51');
  });
  test('two views of one row', () => {
    const rows = samePairs(task.train)(prng(1), 30);
    expect(rows.slice(0, 30)).toEqual(rows.slice(30));
    expect(new Set(rows).size).toBe(30);
  });
});
