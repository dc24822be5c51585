import { describe, expect, test } from 'vitest';
import { symmetricEigen } from '../util/linear-algebra.ts';
import { prng } from '../util/prng.ts';
import {
  adjacency,
  blockModel,
  degrees,
  homophily,
  neighbourGraph,
  normalisedAdjacency,
  type Graph,
} from './graphs.ts';

describe('block model', () => {
  const blocks = Int32Array.from({ length: 300 }, (_, i) => i % 3);
  test('has the shares of edges that were asked for', () => {
    const graph = blockModel(prng(1), blocks, 0.2, 0.02);
    const inside = graph.edges.filter(([i, j]) => blocks[i] === blocks[j]).length;
    const between = graph.edges.length - inside;
    // 14,850 and 30,000 pairs: deviations 49 and 24
    expect(Math.abs(inside - 2970)).toBeLessThan(200);
    expect(Math.abs(between - 600)).toBeLessThan(100);
    expect(homophily(graph, blocks)).toBe(inside / graph.edges.length);
    expect(blockModel(prng(1), blocks, 0.2, 0.02)).toEqual(graph);
  });
  test('certain and impossible edges', () => {
    expect(blockModel(prng(1), [0, 0, 1], 1, 0).edges).toEqual([[0, 1]]);
    expect(() => blockModel(prng(1), [0], 1.5, 0)).toThrow('probabilities in 0..1; got 1.5 and 0');
  });
});

test('nearest neighbours, joined by either or by both', () => {
  const line = [0, 1, 3, 7];
  expect(neighbourGraph(line, 1, 1).edges).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(neighbourGraph(line, 1, 1, true).edges).toEqual([[0, 1]]);
});

describe('matrices', () => {
  const path: Graph = {
    nodes: 3,
    edges: [
      [0, 1],
      [1, 2],
    ],
  };
  test('of a path of three nodes, by hand', () => {
    expect([...adjacency(path)]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0]);
    expect([...degrees(path)]).toEqual([1, 2, 1]);
    const a = 1 / Math.sqrt(6);
    [1 / 2, a, 0, a, 1 / 3, a, 0, a, 1 / 2].forEach((v, i) => expect(normalisedAdjacency(path)[i]).toBeCloseTo(v, 6));
    expect([...normalisedAdjacency({ nodes: 1, edges: [] }, false)]).toEqual([0]);
  });
  test('the largest eigenvalue is 1, once for each connected part', () => {
    const blocks = Int32Array.from({ length: 30 }, (_, i) => i % 2);
    const { values } = symmetricEigen(normalisedAdjacency(blockModel(prng(2), blocks, 0.8, 0)), 30);
    expect(values[0]).toBeCloseTo(1, 6);
    expect(values[1]).toBeCloseTo(1, 6);
    expect(values[2]).toBeLessThan(0.9);
  });
});
