// Reference model: a small vision transformer, pre-norm, mean-pooled.
import { add, reduceMean } from '../../../src/graph/builder.ts';
import { Graph, type Tensor } from '../../../src/graph/graph.ts';
import { crossEntropy } from '../../../src/losses/cross-entropy.ts';
import { fanIn, normal } from '../../../src/nn/initialisers.ts';
import { layerNorm, linear, quickGelu } from '../../../src/nn/layers.ts';
import { selfAttention } from '../../../src/nn/attention.ts';
import { Params } from '../../../src/nn/params.ts';
import { adam } from '../../../src/optim/adam.ts';
import { trainProgram } from '../../../src/optim/program.ts';
import type { Built, HostTensors } from '../model.ts';
import { normals, oneHotRows } from './draw.ts';

export const TOKENS = 64;
export const PATCH = 48;
export const WIDTH = 128;
export const LAYERS = 4;
export const HEADS = 4;
export const CLASSES = 10;

function block(p: Params, name: string, x: Tensor): Tensor {
  const h = add(
    x,
    selfAttention(p, `${name}.attention`, layerNorm(p, `${name}.norm0`, x), { heads: HEADS, init: fanIn(WIDTH, 1) }),
  );
  const up = quickGelu(linear(p, `${name}.up`, layerNorm(p, `${name}.norm1`, h), 4 * WIDTH, { init: fanIn(WIDTH, 1) }));
  return add(h, linear(p, `${name}.down`, up, WIDTH, { init: fanIn(4 * WIDTH, 1) }));
}

/** One Adam step on `batch` labelled images of 64 patches. */
export function vit(batch: number): Built {
  const g = new Graph();
  const p = new Params(g);
  let h = add(
    linear(p, 'embed', g.input('x', [batch, TOKENS, PATCH]), WIDTH, { init: fanIn(PATCH, 1) }),
    p.get('position', [TOKENS, WIDTH], normal(0.02)),
  );
  for (let l = 0; l < LAYERS; l++) h = block(p, `block${l}`, h);
  const logits = linear(p, 'head', reduceMean(layerNorm(p, 'norm', h), 1), CLASSES, { init: fanIn(WIDTH, 1) });
  return {
    program: trainProgram({ params: p, loss: crossEntropy(logits, g.input('y', [batch, CLASSES])), optimiser: adam() }),
    params: p,
  };
}
export const vitData = (batch: number): HostTensors => ({
  x: normals('patches', [batch, TOKENS, PATCH]),
  y: oneHotRows(batch, CLASSES),
});
