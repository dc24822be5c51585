import { expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { argmaxRows, classMeans, cosines, rowNorms, squaredDistances, unitRows } from './rows.ts';

test('argmax: the first of equal entries, -1 for a row with a NaN, infinities are entries', () => {
  expect([...argmaxRows([1, 3, 3, 2, 2, 2, 0, NaN, 5, -Infinity, -Infinity, -1], 3)]).toEqual([1, 0, -1, 2]);
  expect(() => argmaxRows([1, 2, 3], 2)).toThrow('argmaxRows: expected rows of 2 values; got 3 values');
});

test('lengths, unit rows and cosines by hand; zero rows stay zero', () => {
  const rows = [3, 4, 0, 0, -2, 0];
  expect([...rowNorms(rows, 2)]).toEqual([5, 0, 2]);
  expect([...unitRows(rows, 2)]).toEqual([0.6, 0.8, 0, 0, -1, 0]);
  const c = cosines(rows, [1, 0, 0, 7], 2);
  [0.6, 0.8, 0, 0, -1, 0].forEach((v, i) => expect(c[i]).toBeCloseTo(v, 14));
});

test('squared distances agree with |a|^2 - 2ab + |b|^2', () => {
  const random = prng(1, 'rows');
  const a = random.normals(20);
  const b = random.normals(15);
  const found = squaredDistances(a, b, 5);
  const [na, nb] = [rowNorms(a, 5), rowNorms(b, 5)];
  const unit = cosines(a, b, 5);
  found.forEach((v, k) => {
    const i = Math.floor(k / 3);
    const j = k % 3;
    expect(v).toBeCloseTo(na[i] ** 2 + nb[j] ** 2 - 2 * unit[k] * na[i] * nb[j], 10);
  });
});

test('class means by hand; a class without rows is zero', () => {
  expect([...classMeans([1, 2, 3, 4, 5, 6], [0, 2, 0], 2, 3)]).toEqual([3, 4, 0, 0, 3, 4]);
});
