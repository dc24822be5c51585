import { describe, expect, it } from 'vitest';
import type { ArmResult, Series } from '../../labs/_kit/contract/result.ts';
import { dodge, lineRows } from './line-rows.ts';

const arm = (id: string, ...seeds: Series[]): ArmResult => ({
  id,
  label: id,
  series: seeds.map((loss) => ({ loss })),
  final: {},
});

describe('lineRows', () => {
  it('joins arms and ghosts by step', () => {
    const data = lineRows(
      [
        arm(
          'a',
          [
            [0, 1],
            [10, 2],
          ],
          [
            [0, 3],
            [10, 2],
          ],
        ),
      ],
      [arm('a', [[0, 5]])],
      'loss',
    );
    expect(data.rows).toEqual([
      { step: 0, 'm:a': 2, 'b:a': [1, 3], 'g:a': 5 },
      { step: 10, 'm:a': 2, 'b:a': [2, 2] },
    ]);
    expect(data).toMatchObject({
      front: ['a'],
      ghosts: ['a'],
      banded: ['a'],
      ends: [{ arm: 'a', step: 10, value: 2 }],
    });
  });
  it('draws no band for one seed, no arm without points, and on a log axis nothing below zero', () => {
    const data = lineRows(
      [
        arm('a', [
          [0, -1],
          [1, 2],
        ]),
        arm('b'),
      ],
      [],
      'loss',
      { log: true },
    );
    expect(data.rows).toEqual([{ step: 1, 'm:a': 2 }]);
    expect(data.banded).toEqual([]);
  });
  it('ends ghosts with the front curves when asked', () => {
    const front = [
      arm('a', [
        [0, 1],
        [10, 2],
      ]),
    ];
    const ghosts = [
      arm('a', [
        [0, 5],
        [10, 4],
        [500, 90],
      ]),
    ];
    expect(lineRows(front, ghosts, 'loss').rows.at(-1)!.step).toBe(500);
    const data = lineRows(front, ghosts, 'loss', { clip: true });
    expect(data.rows.map((row) => row.step)).toEqual([0, 10]);
    expect(Math.max(...data.values)).toBe(5);
  });
  it('thins long curves', () => {
    const long: Series = Array.from({ length: 5000 }, (_, i) => [i, Math.sin(i)]);
    expect(lineRows([arm('a', long)], [], 'loss').rows.length).toBeLessThanOrEqual(300);
  });
});

describe('dodge', () => {
  it('keeps labels apart and inside', () => {
    expect(dodge([5, 5, 5], 10, 0, 100)).toEqual([5, 15, 25]);
    expect(dodge([98, 99], 10, 0, 100)).toEqual([90, 100]);
    expect(dodge([50, 10], 10, 0, 100)).toEqual([50, 10]);
  });
});
