import { describe, expect, it } from 'vitest';
import { Graph } from '../../graph/graph.ts';
import { mlp } from '../../nn/layers.ts';
import { Params } from '../../nn/params.ts';
import { prng } from '../../util/prng.ts';
import { EarlyStop, firstBelow, lowest, smoothedAt } from './early-stop.ts';
import { LAB_WIDTHS } from './model.ts';
import { aliveIn, keepLargest, layersOf, nextCounts, remaining, shuffled } from './prune.ts';

function small() {
  const g = new Graph();
  const p = new Params(g);
  mlp(p, 'fc', g.input('x', [2, 10]), [8, 6], 4);
  return { p, layers: layersOf(p.specs), random: prng(3, 'prune') };
}
const dense = (n: number) => new Float32Array(n).fill(1);

describe('pruning', () => {
  it('spares biases and removes the smallest survivors of every layer', () => {
    const { p, layers, random } = small();
    const theta = random.normals(p.length);
    const mask = keepLargest(theta, dense(p.length), layers, nextCounts(dense(p.length), layers, 0.5));
    expect(layers.map((l) => aliveIn(mask, l))).toEqual([40, 24, 18]);
    for (const l of layers) {
      const alive: number[] = [];
      const dead: number[] = [];
      for (let i = l.from; i < l.to; i++) (mask[i] ? alive : dead).push(Math.abs(theta[i]));
      expect(Math.min(...alive)).toBeGreaterThan(Math.max(...dead));
    }
    p.specs
      .filter((s) => s.shape.length === 1)
      .forEach((s) => expect(mask.subarray(s.offset, s.offset + s.shape[0]).every((v) => v === 1)).toBe(true));
  });
  it('never revives a weight, however large it is', () => {
    const { p, layers, random } = small();
    const theta = random.normals(p.length);
    const mask = dense(p.length);
    theta[layers[0].from] = 99;
    mask[layers[0].from] = 0;
    expect(keepLargest(theta, mask, layers, nextCounts(mask, layers, 0.2))[layers[0].from]).toBe(0);
  });
  it('counts survivors only: ten rounds of 20 % leave 0.8^10 of the hidden and 0.9^10 of the output weights', () => {
    const g = new Graph();
    const p = new Params(g);
    const { inputs, hidden, classes } = LAB_WIDTHS;
    mlp(p, 'fc', g.input('x', [1, inputs]), hidden, classes);
    const layers = layersOf(p.specs);
    const theta = prng(1, 't').normals(p.length);
    let mask: Float32Array = dense(p.length);
    expect(layers.reduce((n, l) => n + l.to - l.from, 0)).toBe(31_712);
    for (let k = 0; k < 10; k++) mask = keepLargest(theta, mask, layers, nextCounts(mask, layers, 0.2));
    layers.forEach((l, i) => expect(aliveIn(mask, l) / (l.to - l.from)).toBeCloseTo((i === 2 ? 0.9 : 0.8) ** 10, 2));
    expect(remaining(mask, layers)).toBeCloseTo(0.111, 2);
  });
  it('shuffles within layers, the same for the same name', () => {
    const { p, layers, random } = small();
    const mask = keepLargest(random.normals(p.length), dense(p.length), layers, [20, 10, 8]);
    const a = shuffled(mask, layers, prng(1, 'mask'));
    const b = shuffled(mask, layers, prng(1, 'mask'));
    const c = shuffled(mask, layers, prng(2, 'mask'));
    expect(layers.map((l) => aliveIn(a, l))).toEqual([20, 10, 8]);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(a).not.toEqual(mask);
  });
});

describe('early stop', () => {
  it('smooths over three measurements and skips what was not measured', () => {
    expect(smoothedAt([3, 6, 9], 1)).toBe(6);
    expect(smoothedAt([3, 6, 9], 2)).toBe(7.5);
    expect(smoothedAt([NaN, 6, 9], 1)).toBe(7.5);
    expect(smoothedAt([NaN, 6], 0)).toBeNaN();
    expect(firstBelow([9, 6, 3, 3], 6)).toBe(1);
    expect(firstBelow([9, 6], 1)).toBe(-1);
  });
  it('keeps the weights of the smoothed minimum, not of a single lucky dip', () => {
    const losses = [
      [9, 1, 9, 3, 3, 3.1, 8],
      [9, 8, 7, 6, 5, 4, 3],
    ];
    const stop = new EarlyStop(2, 7, 1);
    losses[0].forEach((_, j) =>
      stop.observe(
        j,
        losses.map((l) => l[j]),
        Float32Array.of(j, 10 + j),
      ),
    );
    expect([...stop.finish()]).toEqual([4, 16]);
    expect([0, 1].map((s) => lowest(stop.history(s)).at)).toEqual([4, 6]);
    stop.reset();
    expect(lowest(stop.history(0))).toEqual({ at: -1, score: Infinity });
  });
});
