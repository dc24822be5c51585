// Reference model: a small convolutional encoder under the InfoNCE loss of SimCLR.
import { relu } from '../../../src/graph/builder.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { ntXent } from '../../../src/losses/nt-xent.ts';
import { conv2d, globalAveragePool, mlp, normalise } from '../../../src/nn/layers.ts';
import { Params } from '../../../src/nn/params.ts';
import { adam } from '../../../src/optim/adam.ts';
import { trainProgram } from '../../../src/optim/program.ts';
import type { Built, HostTensors } from '../model.ts';
import { BLOCKED } from '../../../src/nn/attention.ts';
import { normals } from './draw.ts';

export const CHANNELS = [16, 32, 64];
export const HIDDEN = 128;
export const Z = 64;
export const TAU = 0.2;

/** One Adam step on `batch` pairs of views. */
export function cnn(batch: number): Built {
  const g = new Graph();
  const p = new Params(g);
  const map = CHANNELS.reduce(
    (t, width, i) => relu(conv2d(p, `conv${i}`, t, width, { stride: 2 })),
    g.input('x', [2 * batch, 1, 28, 28]),
  );
  const z = normalise(mlp(p, 'head', globalAveragePool(p, map), [HIDDEN], Z));
  return { program: trainProgram({ params: p, loss: ntXent(z, 1 / TAU), optimiser: adam() }), params: p };
}
export const cnnData = (batch: number): HostTensors => ({ x: normals('views', [2 * batch, 1, 28, 28]) });
/** What our loss builds into its graph and the peers are given: minus infinity on the diagonal, and 1 at each row's partner. */
export function cnnPairs(batch: number): HostTensors {
  const n = 2 * batch;
  const matrix = (f: (row: number, column: number) => number) => ({
    shape: [n, n],
    data: Float32Array.from({ length: n * n }, (_, i) => f(Math.floor(i / n), i % n)),
  });
  return { mask: matrix((r, c) => (r === c ? BLOCKED : 0)), partner: matrix((r, c) => Number(c === (r + batch) % n)) };
}
