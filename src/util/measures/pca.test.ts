import { expect, test } from 'vitest';
import { prng } from '../prng.ts';
import { pca, principalCoordinates, procrustes, timesMatrix } from './pca.ts';
import { other, WIDTH, x } from './testing/reference-data.ts';
import reference from './testing/reference.json' with { type: 'json' };

test("variances equal scikit-learn's and are those of the projected rows; components are orthonormal", () => {
  const found = pca(x, WIDTH, WIDTH);
  reference.pcaVariances.forEach((v, i) => expect(found.variances[i]).toBeCloseTo(v, 12));
  expect(found.total).toBeCloseTo(
    reference.pcaVariances.reduce((a, b) => a + b, 0),
    12,
  );
  const moved = principalCoordinates(found, x);
  for (let c = 0; c < WIDTH; c++) {
    const column = Array.from({ length: x.length / WIDTH }, (_, r) => moved[r * WIDTH + c]);
    expect(column.reduce((s, v) => s + v * v, 0) / (column.length - 1)).toBeCloseTo(found.variances[c], 12);
  }
  const gram = timesMatrix(found.components, transposed(found.components, WIDTH), WIDTH);
  gram.forEach((v, k) => expect(v).toBeCloseTo(k % (WIDTH + 1) === 0 ? 1 : 0, 12));
});

test('points on a line: one direction, its sign defined', () => {
  const line = Array.from({ length: 10 }, (_, i) => [-3 * i, 4 * i]).flat();
  const { components, variances, total } = pca(line, 2, 2);
  expect(components[0]).toBeCloseTo(-0.6, 12);
  expect(components[1]).toBeCloseTo(0.8, 12);
  expect(variances[1]).toBeCloseTo(0, 10);
  expect(total).toBeCloseTo(variances[0], 10);
});

test("Procrustes equals SciPy's matrix and undoes a known rotation", () => {
  procrustes(x, other, WIDTH).forEach((q, k) => expect(q).toBeCloseTo(reference.procrustes.flat()[k], 10));
  const rotation = [Math.cos(1), Math.sin(1), -Math.sin(1), Math.cos(1)];
  const rows = prng(1, 'procrustes').normals(40);
  procrustes(rows, timesMatrix(rows, rotation, 2), 2).forEach((q, k) => expect(q).toBeCloseTo(rotation[k], 6));
});

test('refuses one row, too many components, values that are not finite', () => {
  expect(() => pca([1, 2], 2, 1)).toThrow('at least two rows');
  expect(() => pca([1, 2, 3, 4], 2, 3)).toThrow('1 to 2 components; got 3');
  expect(() => pca([1, 2, NaN, 4], 2, 1)).toThrow('finite values');
});

const transposed = (m: Float64Array, n: number) => m.map((_, k) => m[(k % n) * n + Math.floor(k / n)]);
