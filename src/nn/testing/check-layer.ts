// Holds a layer or loss to its formula: values against a reference in loops, gradients of first and second order against finite
// differences, and S stacked models against S single ones.
import { expect } from 'vitest';
import { backward } from '../../autodiff/backward.ts';
import { checkGradients } from '../../autodiff/check-gradients.ts';
import { add, mul, reduceSum, sin } from '../../graph/builder.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { prng } from '../../util/prng.ts';
import { size, type Shape } from '../../util/shape.ts';
import { Params } from '../params.ts';

type Numbers = Record<string, Float64Array>;

export interface LayerCase {
  /** Inputs of one model; stacked ones get a leading [S]. */
  inputs: Record<string, Shape>;
  /** The output is [..] for one model and [S, ..] for stacked ones. */
  build(p: Params, x: Record<string, Tensor>): Tensor;
  /** The output of one model from its weights and inputs. */
  reference(weights: Numbers, x: Numbers): number[];
  /** Values of a weight instead of normal ones of deviation 0.5. */
  weight?(name: string, drawn: Float32Array): ArrayLike<number>;
  /** Values of an input instead of normal ones. */
  input?(name: string, drawn: Float32Array): ArrayLike<number>;
}

interface Run {
  value: number[];
  members: { weights: Numbers; x: Numbers }[];
}

const joined = (parts: ArrayLike<number>[]) => Float64Array.from(parts.flatMap((v) => Array.from(v)));
const bent = (t: Tensor, name: string): Tensor => {
  const weights = t.graph.constant(prng(7, name).normals(size(t.shape)), t.shape);
  return reduceSum(mul(add(t, mul(sin(t), 0.3)), weights), 'all');
};

function run(c: LayerCase, stack: number | null, seeds: readonly number[]): Run {
  const g = new Graph();
  const p = new Params(g, stack);
  const inputs = Object.fromEntries(
    Object.entries(c.inputs).map(([name, shape]) => [name, g.input(name, stack === null ? shape : [stack, ...shape])]),
  );
  const y = c.build(p, inputs);
  const members = seeds.map((seed) => ({
    weights: Object.fromEntries(
      p.specs.map(({ name, shape }) => {
        const drawn = prng(seed, 'weight', name).normals(size(shape), 0.5);
        return [name, Float64Array.from(c.weight?.(name, drawn) ?? drawn)];
      }),
    ),
    x: Object.fromEntries(
      Object.entries(c.inputs).map(([name, shape]) => {
        const drawn = prng(seed, 'input', name).normals(size(shape));
        return [name, Float64Array.from(c.input?.(name, drawn) ?? drawn)];
      }),
    ),
  }));
  const feeds: Record<string, ArrayLike<number>> = {};
  for (const name of Object.keys(c.inputs)) feeds[name] = joined(members.map((m) => m.x[name]));
  for (const t of p.tensors) feeds[t.input!] = joined(members.map((m) => m.weights[t.input!.replace('theta/', '')]));
  const wrt = [...p.tensors, ...Object.values(inputs)];
  const loss = bent(y, 'loss');
  const first = backward(loss, wrt);
  expect(checkGradients(loss, wrt, first, feeds).error).toBeLessThan(1e-7);
  const slope = first.flatMap((t, i) => (t ? [bent(t, `slope${i}`)] : [])).reduce((a, b) => add(a, b));
  expect(checkGradients(slope, wrt, backward(slope, wrt), feeds).error).toBeLessThan(1e-6);
  return { value: [...evaluate(g, feeds, [y]).get(y)!], members };
}

/** @throws AssertionError where value, gradient or stack differ. */
export function checkLayer(c: LayerCase): void {
  const seeds = [1, 2, 3];
  const close = (got: readonly number[], want: readonly number[]) => {
    expect(got.length).toBe(want.length);
    want.forEach((v, i) => expect(Math.abs(got[i] - v), `value ${i}`).toBeLessThan(1e-9 * Math.max(1, Math.abs(v))));
  };
  for (const seed of seeds.slice(0, 2)) {
    const { value, members } = run(c, null, [seed]);
    close(value, c.reference(members[0].weights, members[0].x));
  }
  const { value, members } = run(c, seeds.length, seeds);
  close(
    value,
    members.flatMap((m) => c.reference(m.weights, m.x)),
  );
}
