// The tensor graph: static shapes, nodes in execution order, built by the functions of builder.ts.
import { invariant, unknownName } from '../util/invariant.ts';
import { showShape, size, type Shape } from '../util/shape.ts';
import type { Attrs, DType, TensorType } from './op.ts';
import { ops, type OpType } from './ops/table.ts';

export interface GraphNode {
  readonly op: OpType;
  readonly inputs: readonly Tensor[];
  readonly attrs: Attrs;
  readonly outputs: readonly Tensor[];
}

/** A value of a graph: an input, a constant, or an output of a node. */
export interface Tensor extends TensorType {
  readonly graph: Graph;
  readonly id: number;
  readonly node: GraphNode | null;
  /** Which output of `node`. */
  readonly index: number;
  /** Set for inputs. */
  readonly input?: string;
  /** Set for constants. Values of a float32 constant keep the digits they were given; encoding rounds them. */
  readonly data?: ConstantData;
}

export type ConstantData = Float32Array | Float64Array | Int32Array;

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs = new Map<string, Tensor>();
  readonly outputs = new Map<string, Tensor>();
  private count = 0;
  private readonly scalars = new Map<string, Tensor>();

  /** A named input that is fed at every run. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
    invariant(!this.inputs.has(name), `input: expected a new name; got "${name}" again`);
    const t = this.tensor({ shape, dtype }, { input: name });
    this.inputs.set(name, t);
    return t;
  }

  /** A constant of int32 for an Int32Array, else of float32: a Float64Array is rounded only when the graph is encoded. */
  constant(data: ConstantData, shape: Shape = [data.length]): Tensor {
    invariant(
      data.length === size(shape),
      () => `constant: expected ${size(shape)} values for ${showShape(shape)}; got ${data.length}`,
    );
    return this.tensor({ shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' }, { data });
  }

  /** A scalar constant; equal scalars are one tensor. */
  scalar(value: number, dtype: 'float32' | 'int32' = 'float32'): Tensor {
    const key = `${dtype}:${Object.is(value, -0) ? '-0' : value}`;
    let t = this.scalars.get(key);
    if (!t)
      this.scalars.set(key, (t = this.constant(dtype === 'int32' ? Int32Array.of(value) : Float64Array.of(value), [])));
    return t;
  }

  /** Names `tensor` as an output. */
  output(name: string, tensor: Tensor): void {
    invariant(tensor.graph === this, `output: expected a tensor of this graph for "${name}"`);
    invariant(!this.outputs.has(name), `output: expected a new name; got "${name}" again`);
    this.outputs.set(name, tensor);
  }

  /** Appends a node. @throws Error when the inputs do not fit the op. */
  node(op: OpType, inputs: readonly Tensor[], attrs: Attrs = {}): readonly Tensor[] {
    const spec = ops[op] ?? unknownName('op', op, Object.keys(ops));
    for (const t of inputs) invariant(t.graph === this, `${op}: expected inputs of one graph; got a tensor of another`);
    const types = spec.infer(inputs, attrs as never);
    const node = { op, inputs, attrs, outputs: [] as Tensor[] };
    types.forEach((type, index) => node.outputs.push(this.tensor(type, { node, index })));
    this.nodes.push(node);
    return node.outputs;
  }

  private tensor(type: TensorType, rest: Partial<Tensor>): Tensor {
    for (const d of type.shape)
      invariant(
        Number.isInteger(d) && d > 0,
        () => `shape: expected positive whole numbers; got ${showShape(type.shape)}`,
      );
    return { shape: [...type.shape], dtype: type.dtype, graph: this, id: this.count++, node: null, index: 0, ...rest };
  }
}

/** The input `name` of `graph`, made at the first call. */
export const inputOf = (graph: Graph, name: string, shape: Shape, dtype: DType = 'float32'): Tensor =>
  graph.inputs.get(name) ?? graph.input(name, shape, dtype);
