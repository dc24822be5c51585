// Reference model: a small multilayer perceptron classifier.
import { Graph } from '../../../src/graph/graph.ts';
import { crossEntropy } from '../../../src/losses/cross-entropy.ts';
import { mlp as layers } from '../../../src/nn/layers.ts';
import { Params } from '../../../src/nn/params.ts';
import { adam } from '../../../src/optim/adam.ts';
import { trainProgram } from '../../../src/optim/program.ts';
import type { Built, HostTensors } from '../model.ts';
import { normals, oneHotRows } from './draw.ts';

export const INPUTS = 64;
export const WIDTHS = [128, 128];
export const CLASSES = 10;

/** One Adam step on `batch` labelled rows. `widths`: of the hidden layers. */
export function mlp(batch: number, widths: readonly number[] = WIDTHS): Built {
  const g = new Graph();
  const p = new Params(g);
  const logits = layers(p, 'mlp', g.input('x', [batch, INPUTS]), widths, CLASSES);
  return {
    program: trainProgram({ params: p, loss: crossEntropy(logits, g.input('y', [batch, CLASSES])), optimiser: adam() }),
    params: p,
  };
}
export const mlpData = (batch: number): HostTensors => ({
  x: normals('rows', [batch, INPUTS]),
  y: oneHotRows(batch, CLASSES),
});
