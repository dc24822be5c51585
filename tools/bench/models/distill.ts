// Reference model: one distillation step, the frozen teacher inside the loop.
import { add, gemm, mul, relu } from '../../../src/graph/builder.ts';
import { Graph, type Tensor } from '../../../src/graph/graph.ts';
import { crossEntropy } from '../../../src/losses/cross-entropy.ts';
import { distillation } from '../../../src/losses/distillation.ts';
import { mlp as layers } from '../../../src/nn/layers.ts';
import { Params } from '../../../src/nn/params.ts';
import { adam } from '../../../src/optim/adam.ts';
import { trainProgram } from '../../../src/optim/program.ts';
import type { Built, HostTensors } from '../model.ts';
import { normals, oneHotRows } from './draw.ts';

export const INPUTS = 784;
export const TEACHER = [512, 512];
export const STUDENT = [64, 64];
export const CLASSES = 10;
export const TEMPERATURE = 4;
export const SOFT = 0.9;

/** The teacher's weights: `teacher.<layer>.w`, `teacher.<layer>.b`. */
export function teacherWeights(): HostTensors {
  const widths = [INPUTS, ...TEACHER, CLASSES];
  const weights: HostTensors = {};
  widths.slice(1).forEach((out, i) => {
    weights[`teacher.${i}.w`] = normals(`teacher ${i}`, [widths[i], out], Math.sqrt(2 / widths[i]));
    weights[`teacher.${i}.b`] = normals(`teacher bias ${i}`, [out], 0.1);
  });
  return weights;
}
/** Frozen weights are constants of the graph. */
function teach(x: Tensor): Tensor {
  const weights = teacherWeights();
  const fixed = (name: string) => x.graph.constant(weights[name].data, weights[name].shape);
  return [0, 1, 2].reduce(
    (h, i) => gemm(i ? relu(h) : h, fixed(`teacher.${i}.w`), { bias: fixed(`teacher.${i}.b`) }),
    x,
  );
}

/** One Adam step of the student on `batch` rows: 0.9 distillation at temperature 4 + 0.1 cross-entropy. */
export function distill(batch: number): Built {
  const g = new Graph();
  const p = new Params(g);
  const x = g.input('x', [batch, INPUTS]);
  const logits = layers(p, 'student', x, STUDENT, CLASSES);
  const loss = add(
    mul(distillation(logits, teach(x), TEMPERATURE), SOFT),
    mul(crossEntropy(logits, g.input('y', [batch, CLASSES])), 1 - SOFT),
  );
  return { program: trainProgram({ params: p, loss, optimiser: adam() }), params: p };
}
export const distillData = (batch: number): HostTensors => ({
  x: normals('images', [batch, INPUTS]),
  y: oneHotRows(batch, CLASSES),
});
