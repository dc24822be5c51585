import { expect, it } from 'vitest';
import { graphLayout } from './graph-layout.ts';

/** Two cliques of four, joined by one edge. */
const edges = [0, 4].flatMap((from) =>
  [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b > a).flatMap((b) => [from + a, from + b])),
);
const graph = { nodes: 8, edges: [...edges, 3, 4] };
const distance = ({ x, y }: ReturnType<typeof graphLayout>, a: number, b: number) =>
  Math.hypot(x[a] - x[b], y[a] - y[b]);

it('puts neighbours near and others far', () => {
  const places = graphLayout(graph);
  expect(distance(places, 0, 1)).toBeLessThan(0.6 * distance(places, 0, 6));
  expect(distance(places, 0, 1)).toBeGreaterThan(5);
});
it('is the same every time', () => expect(graphLayout(graph)).toEqual(graphLayout(graph)));
it('keeps places that it was given', () =>
  expect([...graphLayout({ nodes: 2, edges: [0, 1], x: [3, 4], y: [5, 6] }).x]).toEqual([3, 4]));
