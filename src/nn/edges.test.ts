// Layers at the edges of what they take: one value per channel, dropout rates, rows without length, groups with a remainder.
import { describe, expect, it } from 'vitest';
import { backward } from '../autodiff/backward.ts';
import { conv, reduceSum } from '../graph/builder.ts';
import { evaluate } from '../graph/evaluate.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { batchNorm, conv2d, dropout, normalise } from './layers.ts';
import { Params } from './params.ts';

const valuesOf = (t: Tensor, feeds: Record<string, ArrayLike<number>>) => [...evaluate(t.graph, feeds, [t]).get(t)!];

describe('batch norm', () => {
  it('refuses one value per channel in training and takes it when frozen', () => {
    const p = new Params(new Graph());
    const x = p.graph.input('x', [1, 3, 1, 1]);
    expect(() => batchNorm(p, 'norm', x)).toThrow('batchNorm: expected more than one value per channel');
    expect(batchNorm(p, 'norm', x, { frozen: true }).shape).toEqual([1, 3, 1, 1]);
  });
});

describe('dropout', () => {
  it('drops everything at rate 1', () => {
    const g = new Graph();
    const y = dropout(g.input('x', [3]), g.input('mask', [3]), 1);
    const [dx] = backward(reduceSum(y, 'all'), [g.inputs.get('x')!]);
    const feeds = { x: [1, -2, 3], mask: [0, 0, 0] };
    expect(valuesOf(y, feeds).map(Math.abs)).toEqual([0, 0, 0]);
    expect(valuesOf(dx!, feeds).map(Math.abs)).toEqual([0, 0, 0]);
  });
  it.each([-0.1, 1.5, NaN])('refuses rate %d', (rate) => {
    const g = new Graph();
    expect(() => dropout(g.input('x', [3]), g.input('mask', [3]), rate)).toThrow('dropout: expected a rate in [0, 1]');
  });
});

describe('normalise', () => {
  it('gives short rows length 1 and leaves a zero row zero, with a finite gradient', () => {
    const g = new Graph();
    const x = g.input('x', [3, 2]);
    const y = normalise(x);
    const [dx] = backward(reduceSum(y, 'all'), [x]);
    const feeds = { x: [6e-7, 8e-7, 0, 0, 3, 4] };
    [0.6, 0.8, 0, 0, 0.6, 0.8].forEach((v, i) => expect(valuesOf(y, feeds)[i]).toBeCloseTo(v, 12));
    expect(valuesOf(dx!, feeds).every(Number.isFinite)).toBe(true);
  });
});

describe('grouped convolution with a remainder', () => {
  it('says that the groups do not divide the channels', () => {
    const g = new Graph();
    const x = g.input('x', [1, 6, 5, 5]);
    expect(() => conv(x, g.input('w', [8, 2, 3, 3]), { group: 3 })).toThrow(
      'conv: expected input and output channels divisible by 3 groups; got 6 to 8 channels',
    );
    const p = new Params(g);
    expect(() => conv2d(p, 'a', x, 8, { groups: 4 })).toThrow('divisible by 4 groups; got [1, 6, 5, 5] to 8 channels');
    expect(() => conv2d(new Params(g, 4, { prefix: 'stack' }), 'b', x, 8)).toThrow('in each of 4 models');
  });
});
