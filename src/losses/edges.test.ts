// Metrics and losses at ties, NaN, odd batches and large offsets.
import { describe, expect, it } from 'vitest';
import { evaluate } from '../graph/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { accuracy } from './accuracy.ts';
import { ntXent } from './nt-xent.ts';
import { oneHot } from './one-hot.ts';

/** Accuracy of rows of logits. */
function score(rows: number[][], labels: number[]): number {
  const g = new Graph();
  const z = g.input('z', [rows.length, rows[0].length]);
  const y = accuracy(z, oneHot(g.constant(Int32Array.from(labels)), rows[0].length));
  return evaluate(g, { z: rows.flat() }, [y]).get(y)![0];
}

describe('accuracy', () => {
  it('gives constant logits the score of a guess', () => {
    expect(score([[0, 0, 0, 0]], [2])).toBe(0.25);
    expect(score([[7, 7, 7, 7]], [0])).toBe(0.25);
  });
  it('shares a tie between the tied maxima only', () => {
    expect(score([[1, 3, 3, 0]], [1])).toBe(0.5);
    expect(score([[1, 3, 3, 0]], [0])).toBe(0);
    expect(
      score(
        [
          [1, 4, 3, 0],
          [-5, -5, -9, -9],
        ],
        [1, 0],
      ),
    ).toBe(0.75);
  });
  it('counts a sample with NaN as wrong, wherever the NaN stands', () => {
    expect(score([[NaN, 3, 1]], [1])).toBe(0);
    expect(score([[NaN, 3, 1]], [0])).toBe(0);
    expect(score([[NaN, NaN, NaN]], [0])).toBe(0);
  });
  it('takes infinite logits', () => {
    expect(score([[-Infinity, 3, 1]], [1])).toBe(1);
    expect(score([[Infinity, 3, 1]], [1])).toBe(0);
  });
});

it('NT-Xent refuses an odd number of rows', () => {
  const g = new Graph();
  expect(() => ntXent(g.input('z', [5, 3]), 1)).toThrow(
    'expected an even number of rows, two views of each image; got 5',
  );
});
