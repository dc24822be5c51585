// Parameters of a model as views of ONE flat vector, optionally stacked: S models of one shape train in one graph.
// While a graph is built each parameter is an input of its own; `pack` then replaces them by slices of the flat vector.
import { concat, mul, reshape, slice } from '../graph/builder.ts';
import { inputOf, type Graph, type Tensor } from '../graph/graph.ts';
import { rewrite } from '../graph/passes/rewrite.ts';
import { invariant, unknownName } from '../util/invariant.ts';
import type { Prng } from '../util/prng.ts';
import { sameShape, showShape, size, type Shape } from '../util/shape.ts';
import type { Initialiser } from './initialisers.ts';
import type { Weights } from './weights.ts';

export interface ParamSpec {
  name: string;
  shape: Shape;
  offset: number;
  init: Initialiser;
}

/** A flat vector's contents: name, shape and place of each part. */
class FlatVector {
  readonly specs: ParamSpec[] = [];
  readonly tensors = new Map<string, Tensor>();
  length = 0;
  readonly name: string;
  readonly graph: Graph;
  readonly stack: number | null;
  constructor(name: string, graph: Graph, stack: number | null) {
    this.name = name;
    this.graph = graph;
    this.stack = stack;
  }
  get shape(): Shape {
    return this.stack === null ? [this.length] : [this.stack, this.length];
  }
  get(name: string, shape: Shape, init: Initialiser): Tensor {
    const known = this.tensors.get(name);
    if (known) {
      const want = this.stack === null ? shape : [this.stack, ...shape];
      invariant(
        sameShape(known.shape, want),
        () => `parameter "${name}": expected its first shape ${showShape(known.shape)}; got ${showShape(want)}`,
      );
      return known;
    }
    const t = this.graph.input(this.inputOf(name), this.stack === null ? shape : [this.stack, ...shape]);
    this.specs.push({ name, shape, offset: this.length, init });
    this.tensors.set(name, t);
    this.length += size(shape);
    return t;
  }
  /** Joins one tensor per part into the flat vector's shape. */
  join(parts: readonly Tensor[]): Tensor {
    return concat(
      parts.map((t) => reshape(t, this.stack === null ? [-1] : [this.stack, -1])),
      this.stack === null ? 0 : 1,
    );
  }
  /** The input that stands for one part while the graph is built. */
  inputOf(name: string): string {
    return `${this.name}/${name}`;
  }
  views(flat: Tensor): Map<string, Tensor> {
    invariant(
      sameShape(flat.shape, this.shape),
      () => `${this.name}: expected a flat vector ${showShape(this.shape)}; got ${showShape(flat.shape)}`,
    );
    return new Map(this.specs.map((s) => [s.name, this.view(flat, s)]));
  }
  view(flat: Tensor, spec: ParamSpec): Tensor {
    const axis = this.stack === null ? 0 : 1;
    const part = slice(flat, axis, spec.offset, spec.offset + size(spec.shape));
    return reshape(part, this.stack === null ? spec.shape : [this.stack, ...spec.shape]);
  }
}

export interface ParamsOptions {
  /** The model reads theta * mask, so that its gradient is masked too; `mask`, of theta's shape, is an input of the packed graph. */
  masked?: boolean;
  /**
   * Names a second set of weights of the same graph, such as a teacher's: its flat inputs are `<prefix>.theta`, `<prefix>.buffers`
   * and `<prefix>.mask`. Layers may have the names that another set uses; equal seeds draw equal first values.
   */
  prefix?: string;
}

const setsOf = new WeakMap<Graph, Params[]>();
/** All sets of weights of a graph, in order of making; they are packed together. */
export const weightSetsOf = (graph: Graph): readonly Params[] => setsOf.get(graph) ?? [];

export class Params implements Weights {
  readonly graph: Graph;
  /** Number of stacked models, or null for a single one. */
  readonly stack: number | null;
  readonly masked: boolean;
  readonly prefix: string | undefined;
  private readonly theta: FlatVector;
  private readonly buffers: FlatVector;
  /** New values of buffers (running statistics), set while the graph is built. */
  readonly updates = new Map<string, Tensor>();

  constructor(graph: Graph, stack: number | null = null, { masked = false, prefix }: ParamsOptions = {}) {
    const sets = weightSetsOf(graph);
    invariant(
      sets.every((other) => other.prefix !== prefix),
      () =>
        `Params: expected a prefix that no other weights of the graph have; got ${prefix === undefined ? 'none' : `"${prefix}"`} again`,
    );
    setsOf.set(graph, [...sets, this]);
    this.graph = graph;
    this.stack = stack;
    this.masked = masked;
    this.prefix = prefix;
    this.theta = new FlatVector(this.inputName('theta'), graph, stack);
    this.buffers = new FlatVector(this.inputName('buffers'), graph, stack);
  }
  /** The input of the packed graph that holds this set's flat vector. */
  inputName(vector: 'theta' | 'buffers' | 'mask'): string {
    return this.prefix === undefined ? vector : `${this.prefix}.${vector}`;
  }
  /** The parameter `name` of `shape` (per model; stacked: [S, ...shape]). Asking again gives the same tensor. */
  get(name: string, shape: Shape, init: Initialiser): Tensor {
    return this.theta.get(name, shape, init);
  }
  /** A value that is kept from step to step but not trained; `updates` gives its next value. */
  buffer(name: string, shape: Shape, init: Initialiser): Tensor {
    return this.buffers.get(name, shape, init);
  }

  get specs(): readonly ParamSpec[] {
    return this.theta.specs;
  }
  get tensors(): Tensor[] {
    return this.specs.map((s) => this.theta.tensors.get(s.name)!);
  }
  tensor(name: string): Tensor {
    return this.theta.tensors.get(name) ?? unknownName('parameter', name, this.theta.tensors.keys());
  }
  /** Number of parameters of one model. */
  get length(): number {
    return this.theta.length;
  }
  get bufferLength(): number {
    return this.buffers.length;
  }
  /** [P] or [S, P] */
  get shape(): Shape {
    return this.theta.shape;
  }
  get bufferShape(): Shape {
    return this.buffers.shape;
  }

  /** First values of the flat vector, one generator per stacked model: member s equals a single run with `randoms[s]`. */
  init(...randoms: Prng[]): Float32Array {
    return initial(this.theta, randoms);
  }
  initBuffers(...randoms: Prng[]): Float32Array {
    return initial(this.buffers, randoms);
  }
  /** Flat gradient (or any per-parameter tensors in order of `specs`); null parts are zeros. */
  join(parts: readonly (Tensor | null)[]): Tensor {
    return this.theta.join(
      parts.map(
        (t, i) => t ?? this.graph.constant(new Float32Array(size(this.tensors[i].shape)), this.tensors[i].shape),
      ),
    );
  }
  /** Next values of all buffers as one flat tensor. */
  joinBuffers(): Tensor {
    return this.buffers.join(
      this.buffers.specs.map((s) => this.updates.get(s.name) ?? this.buffers.tensors.get(s.name)!),
    );
  }
  /** Per-parameter constants spread over the flat vector, such as a weight-decay mask. @returns [P] */
  spread(value: (spec: ParamSpec) => number): Float32Array {
    const out = new Float32Array(this.length);
    for (const s of this.specs) out.fill(value(s), s.offset, s.offset + size(s.shape));
    return out;
  }
  /** The values of one parameter within a flat vector read from the device. */
  part(flat: Float32Array, name: string, member = 0): Float32Array {
    return partOf(this.theta, flat, name, member);
  }
  /** The values of one buffer within the flat vector `buffers` read from the device. */
  bufferPart(flat: Float32Array, name: string, member = 0): Float32Array {
    return partOf(this.buffers, flat, name, member);
  }

  /** The parameters as views of a flat vector of this layout, by name. */
  views(flat: Tensor): Map<string, Tensor> {
    return this.theta.views(flat);
  }
  /** The buffers as views of a flat vector of this layout, by name. */
  bufferViews(flat: Tensor): Map<string, Tensor> {
    return this.buffers.views(flat);
  }
  /** What stands in `packed` for the parameter or buffer input `name`, or undefined when it is none of this set. */
  private packedInput(name: string, packed: Graph): Tensor | undefined {
    for (const flat of [this.theta, this.buffers]) {
      const spec = flat.specs.find((s) => flat.inputOf(s.name) === name);
      if (!spec) continue;
      const whole = inputOf(packed, flat.name, flat.shape);
      const isMasked = this.masked && flat === this.theta;
      return flat.view(isMasked ? mul(whole, inputOf(packed, this.inputName('mask'), flat.shape)) : whole, spec);
    }
    return undefined;
  }

  /**
   * The graph with every parameter input replaced by its view of the inputs `theta` (times `mask`) and `buffers`;
   * so for every set of weights of the graph.
   */
  pack(): Graph {
    const sets = weightSetsOf(this.graph);
    return rewrite(
      this.graph,
      () => undefined,
      (name, graph) => {
        for (const set of sets) {
          const view = set.packedInput(name, graph);
          if (view) return view;
        }
        return graph.inputs.get(name);
      },
    );
  }
}

function partOf(vector: FlatVector, flat: Float32Array, name: string, member: number): Float32Array {
  const spec =
    vector.specs.find((s) => s.name === name) ??
    unknownName(
      vector.name.endsWith('theta') ? 'parameter' : 'buffer',
      name,
      vector.specs.map((s) => s.name),
    );
  const at = member * vector.length + spec.offset;
  return flat.subarray(at, at + size(spec.shape));
}

function initial(flat: FlatVector, randoms: readonly Prng[]): Float32Array {
  invariant(
    randoms.length === (flat.stack ?? 1),
    () => `init: expected ${flat.stack ?? 1} generators, one per stacked model; got ${randoms.length}`,
  );
  const out = new Float32Array(randoms.length * flat.length);
  randoms.forEach((random, s) => {
    for (const spec of flat.specs)
      out.set(spec.init(random.fork(spec.name), spec.shape), s * flat.length + spec.offset);
  });
  return out;
}
