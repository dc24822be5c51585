// Seeded data for the reference models.
import { prng } from '../../../src/util/prng.ts';
import { size, type Shape } from '../../../src/util/shape.ts';
import type { HostTensor } from '../model.ts';

/** Normal values of a named stream. */
export const normals = (name: string, shape: Shape, scale = 1): HostTensor => ({
  shape,
  data: prng(1, 'bench', name).normals(size(shape), scale),
});
/** One-hot rows, class i mod `classes` in row i. */
export const oneHotRows = (rows: number, classes: number): HostTensor => ({
  shape: [rows, classes],
  data: Float32Array.from({ length: rows * classes }, (_, i) =>
    Number(Math.floor(i / classes) % classes === i % classes),
  ),
});
