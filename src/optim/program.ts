// Puts a train step together: loss -> flat gradient -> clipping -> optimiser -> next state, as one packed and optimised graph.
import { backward } from '../autodiff/backward.ts';
import {
  add,
  and,
  concat,
  div,
  equal,
  gather,
  min,
  mul,
  not,
  reduceSum,
  reduceSumSquare,
  reshape,
  sqrt,
  where,
} from '../graph/builder.ts';
import type { DType } from '../graph/op.ts';
import { inputOf, type Graph, type Tensor } from '../graph/graph.ts';
import { optimise, type PassReport } from '../graph/passes/passes.ts';
import { rewrite } from '../graph/passes/rewrite.ts';
import type { Program } from '../graph/program.ts';
import type { Params } from '../nn/params.ts';
import { invariant } from '../util/invariant.ts';
import { sameShape, showShape, size, type Shape } from '../util/shape.ts';
import { Groups, type GroupSteps, type ParameterGroup } from './groups.ts';
import type { Optimiser } from './optimiser.ts';

export type Residency = 'device' | 'host';

/** Row-indexed data of a graph: the same lines build a gather on the device or an input that the host fills. */
export class Batches {
  readonly entries: Program['batches'] = [];
  readonly graph: Graph;
  readonly residency: Residency;
  constructor(graph: Graph, residency: Residency) {
    this.graph = graph;
    this.residency = residency;
  }
  /**
   * The rows of `source` [total, ...row] that the int32 feed `index` of shape `batch` names.
   * @returns [...batch, ...row]
   */
  rows(source: string, total: number, row: Shape, index: string, batch: Shape, dtype: DType = 'float32'): Tensor {
    if (this.residency === 'host') {
      const input = `${source}@${index}`;
      this.entries.push({ input, source, index });
      return this.graph.input(input, [...batch, ...row], dtype);
    }
    const table = inputOf(this.graph, source, [total, size(row)], dtype);
    const at = inputOf(this.graph, index, batch, 'int32');
    return reshape(gather(table, at), [...batch, ...row]);
  }
}

export interface TrainSpec {
  params: Params;
  /** Scalar, or [S] with one loss per stacked model. With `gradient` it is only reported. */
  loss: Tensor;
  optimiser: Optimiser;
  /** Another gradient than that of `loss`: several losses' gradients combined, flipped, projected, or split over parts of the model. */
  gradient?: CombinedGradient;
  /** Scalars or [S]; the loss is always first. */
  metrics?: Record<string, Tensor>;
  batches?: Batches;
  /** Largest L2 norm of the gradient (per stacked model). */
  clipNorm?: number;
  /** Multiplies the flat gradient; [P]. Where it is 0 the parameter and its optimiser slots stay as they are, bit for bit. */
  gradientMask?: Float32Array;
  /** Parameters with a rate, step count or switch of their own; `rates` takes their values by name. */
  groups?: readonly ParameterGroup[];
  /** Each group (and `rest`, what no group holds) can be switched off for a step: `rates(t, rate, { name: { isOn: false } })`. */
  gated?: boolean;
  /** Keeps an exponential moving average of theta in the state `ema`. */
  emaDecay?: number;
  /** One learning rate per stacked model instead of one for all. */
  ratePerModel?: boolean;
  /** Further state (queues, momentum encoders): input name -> its next value. */
  state?: Record<string, Tensor>;
}
export interface CombinedGradient {
  /** Scalars, or [S] with one value per stacked model. */
  losses: Record<string, Tensor>;
  /**
   * From the flat gradient of each loss, [P] or [S, P], to the one the optimiser gets (see gradients.ts).
   * Metrics may depend on the gradients, such as the cosine between two: scalars or [S].
   */
  combine(gradients: Record<string, Tensor>): { gradient: Tensor; metrics?: Record<string, Tensor> };
}
export interface TrainProgram extends Program {
  /**
   * The unpacked graph's loss (summed over stacked models and, with `gradient`, over its losses), parameters and gradients:
   * what a gradient check looks at.
   */
  unpacked: { loss: Tensor; params: Params; gradients: (Tensor | null)[] };
  report: Omit<PassReport, 'graph'>;
  /** Feeds of the optimiser at step t = 1, 2, ... with this rate (or one per stacked model), and what differs for groups. */
  rates(t: number, rate: number | readonly number[], groups?: GroupSteps): Record<string, Float32Array>;
  /** Zeros for every state but theta, buffers and ema, which the caller draws. */
  zeroState(theta: Float32Array, buffers?: Float32Array): Record<string, Float32Array>;
}

/** The train step as a program. Builds on `spec.params.graph`, which is spent afterwards. */
export function trainProgram(spec: TrainSpec): TrainProgram {
  const { params, optimiser } = spec;
  const { graph, stack } = params;
  invariant(
    params.prefix === undefined,
    () => `trainProgram: expected the trained weights without a prefix; got "${params.prefix}"`,
  );
  const groups = new Groups(params, spec.groups ?? [], spec.gated ?? false, spec.ratePerModel ? (stack ?? 1) : null);
  const { total, gradients, flat, metrics } = spec.gradient
    ? combinedGradient(params, spec.gradient)
    : plainGradient(params, spec.loss);
  const open = updated(spec, groups);
  const gradient = finishGradient(spec, groups.open() ? where(open!, flat, 0) : flat);
  const theta = inputOf(graph, 'theta', params.shape);
  const slots = optimiser.slots.map((s) => graph.input(s, params.shape));
  const next = optimiser.update({
    theta,
    gradient,
    slots,
    scalar: (name) => groups.spread(`${optimiser.name}.${name}`),
    spread: (values) => graph.constant(values, [params.length]),
  });
  if (open) {
    next.theta = where(open, next.theta, theta);
    next.slots = next.slots.map((s, i) => where(open, s, slots[i]));
  }
  const state: Program['state'] = [];
  const keep = (input: string, tensor: Tensor) => {
    graph.output(`${input}'`, tensor);
    state.push({ input, output: `${input}'` });
  };
  keep('theta', next.theta);
  optimiser.slots.forEach((s, i) => keep(s, next.slots[i]));
  if (params.bufferLength) keep('buffers', params.joinBuffers());
  if (spec.emaDecay !== undefined)
    keep('ema', add(mul(inputOf(graph, 'ema', params.shape), spec.emaDecay), mul(next.theta, 1 - spec.emaDecay)));
  for (const [input, tensor] of Object.entries(spec.state ?? {})) keep(input, tensor);
  const labels = metricsOutput(graph, { loss: spec.loss, ...spec.metrics, ...metrics }, stack);
  const { graph: final, ...report } = optimise(params.pack());
  return {
    ...dropUnused(final),
    state,
    batches: spec.batches?.entries ?? [],
    metrics: { output: 'metrics', labels },
    report,
    unpacked: { loss: total, params, gradients },
    rates: (t, rate, steps = {}) => groups.feeds(optimiser, t, rate, steps),
    zeroState: (first, buffers) => ({
      theta: first,
      ...Object.fromEntries(optimiser.slots.map((s) => [s, new Float32Array(first.length)])),
      ...(params.bufferLength ? { buffers: buffers! } : {}),
      ...(spec.emaDecay !== undefined ? { ema: first } : {}),
    }),
  };
}

interface FlatGradient {
  total: Tensor;
  gradients: (Tensor | null)[];
  /** [P] or [S, P] */
  flat: Tensor;
  metrics?: Record<string, Tensor>;
}
const totalOf = (loss: Tensor): Tensor => (loss.shape.length === 0 ? loss : reduceSum(loss, 'all'));

function plainGradient(params: Params, loss: Tensor): FlatGradient {
  const total = totalOf(loss);
  const gradients = backward(total, params.tensors);
  return { total, gradients, flat: params.join(gradients) };
}
function combinedGradient(params: Params, { losses, combine }: CombinedGradient): FlatGradient {
  const each = Object.entries(losses).map(([name, loss]) => ({ name, ...plainGradient(params, loss) }));
  invariant(each.length > 0, 'gradient: expected at least one loss; got none');
  const { gradient, metrics } = combine(Object.fromEntries(each.map(({ name, flat }) => [name, flat])));
  invariant(
    sameShape(gradient.shape, params.shape),
    () => `gradient: expected combine to give ${showShape(params.shape)}; got ${showShape(gradient.shape)}`,
  );
  const sum = (a: Tensor | null, b: Tensor | null) => (a && b ? add(a, b) : (a ?? b));
  return {
    total: each.map((e) => e.total).reduce((a, b) => add(a, b)),
    gradients: params.tensors.map((_, i) => each.map((e) => e.gradients[i]).reduce(sum)),
    flat: gradient,
    metrics,
  };
}

/** True where this step may change theta and the slots: outside of what `gradientMask`, the model's mask or a gate closes. Null: everywhere. */
function updated({ params, gradientMask }: TrainSpec, groups: Groups): Tensor | null {
  const { graph } = params;
  const parts = [
    gradientMask?.includes(0) ? not(equal(graph.constant(gradientMask, [params.length]), 0)) : null,
    params.masked ? not(equal(inputOf(graph, 'mask', params.shape), 0)) : null,
    groups.open(),
  ].filter((t) => t !== null);
  return parts.length ? parts.reduce((a, b) => and(a, b)) : null;
}

function finishGradient({ params, clipNorm, gradientMask }: TrainSpec, flat: Tensor): Tensor {
  let g = gradientMask ? mul(flat, params.graph.constant(gradientMask, [params.length])) : flat;
  if (params.masked) g = mul(g, inputOf(params.graph, 'mask', params.shape));
  // scale = min(1, c / |g|), per model (Pascanu et al. 2013)
  if (clipNorm !== undefined) g = mul(g, min(div(clipNorm, add(sqrt(reduceSumSquare(g, -1, true)), 1e-6)), 1));
  return g;
}

function metricsOutput(graph: Graph, metrics: Record<string, Tensor>, stack: number | null): string[] {
  const labels: string[] = [];
  const parts: Tensor[] = [];
  for (const [name, t] of Object.entries(metrics)) {
    const n = size(t.shape);
    invariant(
      n === 1 || n === stack,
      () => `metrics: expected "${name}" as a scalar or one value per stacked model; got ${n} values`,
    );
    parts.push(reshape(t, [n]));
    labels.push(...(n === 1 ? [name] : Array.from({ length: n }, (_, s) => `${name}#${s}`)));
  }
  graph.output('metrics', concat(parts, 0));
  return labels;
}

/** Leaves out inputs that nothing reads; feeding them is allowed and has no effect. */
function dropUnused(graph: Graph): { graph: Graph; unused: string[] } {
  const used = new Set([...graph.nodes.flatMap((n) => n.inputs), ...graph.outputs.values()]);
  const unused = [...graph.inputs].filter(([, t]) => !used.has(t)).map(([name]) => name);
  if (unused.length === 0) return { graph, unused };
  return {
    graph: rewrite(
      graph,
      () => undefined,
      (name, to) => (unused.includes(name) ? to.scalar(0) : undefined),
    ),
    unused,
  };
}

export interface InferenceSpec {
  params: Params;
  outputs: Record<string, Tensor>;
  batches?: Batches;
}

/** An inference program with inputs `theta` (and `buffers`) and the named outputs. */
export function inferenceProgram({
  params,
  outputs,
  batches,
}: InferenceSpec): Program & { report: Omit<PassReport, 'graph'> } {
  for (const [name, t] of Object.entries(outputs)) params.graph.output(name, t);
  const { graph, ...report } = optimise(params.pack());
  return { ...dropUnused(graph), state: [], batches: batches?.entries ?? [], report };
}
