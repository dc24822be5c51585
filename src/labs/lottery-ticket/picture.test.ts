import { describe, expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import { Album } from './album.ts';
import { layerOf, listeners, unpackTicket } from './picture.ts';
import type { Layer } from './prune.ts';
import { pixelText, readTicket, remainingAt } from './ticket-text.ts';

// a flat vector with a bias between the layers: 3 x 2 weights, 2 biases, 2 x 2 weights
const layers: Layer[] = [
  { name: 'a', from: 0, to: 6, shape: [3, 2], pace: 1 },
  { name: 'b', from: 8, to: 12, shape: [2, 2], pace: 0.5 },
];
const ones = () => new Float32Array(12).fill(1);

function album() {
  const a = new Album({
    layers,
    rounds: 3,
    measurements: 2,
    arms: ['x', 'y'],
    freshStarts: false,
    every: 25,
    random: prng(1, 'wall'),
  });
  const start = Float32Array.from({ length: 12 }, (_, i) => (i - 6) / 10);
  const masks = [ones(), ones(), ones()];
  for (const i of [0, 9]) masks[1][i] = masks[2][i] = 0;
  for (const i of [1, 2]) masks[2][i] = 0;
  masks.forEach((mask, round) => {
    a.open(round, mask, 1 - round / 4);
    a.curve(
      round,
      [
        [1, 2],
        [3, NaN],
      ],
      0,
    );
    a.close(
      round,
      start,
      start.map((v) => v * (round + 1)),
    );
  });
  return a;
}

describe('picture', () => {
  const ticket = unpackTicket(JSON.parse(JSON.stringify(album().ticket(7, 3))));
  it('keeps when each weight died, through text and back', () => {
    expect([...ticket.deaths]).toEqual([1, 2, 2, 0, 0, 0, 0, 1, 0, 0]);
    expect(ticket.left).toEqual([
      [6, 4],
      [5, 3],
      [3, 3],
    ]);
    expect(remainingAt(ticket, 2)).toBeCloseTo(0.6, 12);
    expect([0, 1, 2].map((round) => listeners(ticket, round))).toEqual([
      [2, 2, 2],
      [1, 2, 2],
      [0, 1, 2],
    ]);
    expect([0, 5, 6, 9].map((i) => layerOf(ticket, i))).toEqual([0, 0, 1, 1]);
  });
  it('keeps first and trained values of the wall to the size of its quantum', () => {
    const { index, start, trained, scale } = ticket.wall;
    const flat = (i: number) => (i < 6 ? i : i + 2);
    expect(index).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    index.forEach((weight, k) => {
      expect(Math.abs(start[k] - (flat(weight) - 6) / 10)).toBeLessThan(scale / 32767);
      expect(Math.abs(trained[2 * index.length + k] - (3 * (flat(weight) - 6)) / 10)).toBeLessThan(scale / 32767);
    });
  });
  it('averages curves over seeds and leaves gaps where an arm was not measured', () => {
    const { rounds } = album().curves();
    expect(rounds[1]).toEqual({ round: 1, remaining: 0.75, loss: { x: [2, null], y: [null, null] } });
  });
  it('reads nothing from what is no ticket', () => {
    for (const bad of [undefined, null, {}, { layers: [], deaths: 3 }]) expect(readTicket(bad)).toBeNull();
    expect(pixelText([1, 1, 1, 1, 5, 1, 1, 1, 1], 3, 2)).toContain('1.0 on average at the border, 5.0 inside');
  });
});
