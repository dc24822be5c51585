// Every network of the zoo: three stacked models that read the same input take the steps of three single ones; frozen statistics
// are used and kept; shapes and values that are known.
import { describe, expect, test } from 'vitest';
import { reduceMean, square, sub } from '../../graph/builder.ts';
import { evaluate, evaluateOutputs } from '../../graph/evaluate.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { adam } from '../../optim/adam.ts';
import { trainProgram } from '../../optim/program.ts';
import { prng } from '../../util/prng.ts';
import { size, type Shape } from '../../util/shape.ts';
import { zeros } from '../initialisers.ts';
import { Params } from '../params.ts';
import { decode, encode } from './autoencoder.ts';
import { graphConv, graphNetwork } from './graph-conv.ts';
import { stridedCnn } from './strided-cnn.ts';
import { textTower } from './text-tower.ts';
import { tinyVit, tinyVitTokens } from './tiny-vit.ts';

type Network = (p: Params, x: Tensor, frozen: boolean) => Tensor;
const IMAGES = [3, 2, 8, 8];
const cnn = { channels: [4, 5] };
const vit = { patch: 4, width: 8, heads: 2, blocks: 2 };
const RING = Float32Array.from(
  { length: 36 },
  (_, k) => Number([1, 5].includes((6 + (k % 6) - Math.floor(k / 6)) % 6)) / 2,
);

const NETWORKS: [string, Shape, Network][] = [
  ['strided CNN', IMAGES, (p, x, frozen) => stridedCnn(p, x, { ...cnn, frozen })],
  ['autoencoder', IMAGES, (p, x, frozen) => decode(p, encode(p, x, { ...cnn, frozen, code: 3 }), cnn.channels, 2, 8)],
  ['text tower', [3, 20], (p, x) => textTower(p, x, { width: 6, hidden: [5], out: 4 })],
  ['graph network', [6, 4], (p, x) => graphNetwork(p, x, x.graph.constant(RING, [6, 6]), [5, 3])],
  ['tiny ViT', IMAGES, (p, x) => tinyVit(p, x, vit)],
];
const OUTPUTS = [
  [3, 5],
  [3, 2, 8, 8],
  [3, 4],
  [6, 3],
  [3, 8],
];

/** Results of a step towards 1 on the same input for models of the given seeds. */
function step(shape: Shape, network: Network, stack: number | null, seeds: number[]): Record<string, number[]> {
  const g = new Graph();
  const p = new Params(g, stack);
  const y = network(p, g.input('x', shape), false);
  // maps have a model's channels as a block, rows have the models first
  const isMap = shape.length === 4 && y.shape.length === 4;
  const error = square(sub(y, 1));
  const axes = stack === null ? 'all' : isMap ? [0, 2, 3] : y.shape.slice(1).map((_, i) => i + 1);
  const perModel = reduceMean(error, axes);
  const loss = stack !== null && isMap ? perChannelToModel(perModel, stack) : perModel;
  const program = trainProgram({ params: p, loss, optimiser: adam() });
  const feeds = {
    ...program.zeroState(
      p.init(...seeds.map((s) => prng(s, 'init'))),
      p.bufferLength ? p.initBuffers(...seeds.map((s) => prng(s, 'init'))) : undefined,
    ),
    ...program.rates(1, 0.01),
    x: prng(9, 'x').normals(size(shape)),
  };
  const out = evaluateOutputs(program.graph, feeds as Parameters<typeof evaluateOutputs>[1]);
  return Object.fromEntries(Object.entries(out).map(([name, values]) => [name, Array.from(values)]));
}

const perChannelToModel = (channels: Tensor, S: number): Tensor =>
  reduceMean(channels.graph.node('Reshape', [channels], { shape: [S, channels.shape[0] / S] })[0], [1]);

describe.each(NETWORKS)('%s', (name, shape, network) => {
  test('three stacked models take the steps of three single ones', () => {
    const together = step(shape, network, 3, [0, 1, 2]);
    const apart = [0, 1, 2].map((s) => step(shape, network, null, [s]));
    for (const key of Object.keys(together)) {
      const joined = apart.flatMap((o) => o[key]);
      expect(together[key].length, key).toBe(joined.length);
      together[key].forEach((v, i) => expect(Math.abs(v - joined[i]), `${key} ${i}`).toBeLessThan(1e-9));
    }
  });
  test('shape of the output', () => {
    const g = new Graph();
    const y = network(new Params(g), g.input('x', shape), true);
    expect(y.shape).toEqual(OUTPUTS[NETWORKS.findIndex(([known]) => known === name)]);
  });
});

test('frozen statistics are used and kept, the batch counts for nothing', () => {
  const of = (rows: number, variance = 2) => {
    const g = new Graph();
    const p = new Params(g);
    const y = stridedCnn(p, g.input('x', [rows, 1, 4, 4]), { channels: [3], frozen: true });
    expect(p.updates.size).toBe(0);
    const feeds: Record<string, ArrayLike<number>> = { x: prng(1).normals(rows * 16) };
    for (const t of p.tensors) feeds[t.input!] = prng(2, t.input!).normals(size(t.shape));
    feeds[p.buffer('norm0.mean', [3], zeros).input!] = [0.1, 0.2, -0.3];
    feeds[p.buffer('norm0.var', [3], zeros).input!] = [variance, variance, variance];
    return [...evaluate(g, feeds, [y]).get(y)!];
  };
  of(1).forEach((v, i) => expect(v).toBeCloseTo(of(5)[i], 12));
  expect(of(1, 0.5)).not.toEqual(of(1));
});

test('a graph convolution by hand: the mean of neighbours times the weight, plus the bias', () => {
  const g = new Graph();
  const p = new Params(g);
  const y = graphConv(p, 'c', g.input('x', [6, 1]), g.constant(RING, [6, 6]), 1);
  const feeds: Record<string, ArrayLike<number>> = { x: [1, 2, 3, 4, 5, 6] };
  for (const t of p.tensors) feeds[t.input!] = [t.input!.endsWith('.b') ? 0.5 : 2];
  expect([...evaluate(g, feeds, [y]).get(y)!]).toEqual([8.5, 4.5, 6.5, 8.5, 10.5, 6.5]);
});

test('sides that do not fit say so; tokens are patches', () => {
  const g = new Graph();
  expect(tinyVitTokens(new Params(g), g.input('x', IMAGES), vit).shape).toEqual([3, 4, 8]);
  const other = new Graph();
  const p = new Params(other);
  expect(() => tinyVit(p, other.input('x', IMAGES), { ...vit, patch: 3 })).toThrow(
    'patches of 3 pixels to fill the image; got 8 by 8',
  );
  expect(() => decode(p, other.input('code', [1, 2]), [4, 4], 1, 6)).toThrow('divisible by 4; got 6');
});
