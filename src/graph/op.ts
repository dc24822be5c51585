// What an op is: its ONNX name, how shapes follow from inputs, what it means in float64, and how ONNX spells its attributes.
import { sameShape, showShape, type Shape } from '../util/shape.ts';

/** `int64` appears only as the index output of TopK and ArgMax, where ONNX prescribes it. */
export type DType = 'float32' | 'int32' | 'int64' | 'bool';
export interface TensorType {
  shape: Shape;
  dtype: DType;
}
/** A value on the reference evaluator: integers and booleans are held in float64 too. */
export interface Value extends TensorType {
  data: Float64Array;
}

export type AttrValue = number | string | readonly number[];
export type Attrs = Readonly<Record<string, AttrValue>>;

/** Attributes as ONNX wants them: some are trailing inputs. `null` leaves an optional input out. */
export interface OnnxForm {
  attrs: Record<string, { int: number } | { ints: readonly number[] } | { float: number } | { string: string }>;
  /** Constant inputs appended after the tensor inputs. */
  inputs: ({ dtype: 'int64' | 'float32'; shape: Shape; data: readonly number[] } | null)[];
}

export interface OpSpec<A = Attrs> {
  /** Types of the outputs. @throws Error naming the op, the expectation and what it got. */
  infer(inputs: readonly TensorType[], attrs: A): TensorType[];
  /** The op's meaning in float64; one array per output. */
  eval64(inputs: readonly Value[], attrs: A, outputs: readonly TensorType[]): Float64Array[];
  onnx?(attrs: A): OnnxForm;
  /** '' is the standard domain. */
  domain?: 'com.microsoft';
}

export const defineOp = <A = Attrs>(spec: OpSpec<A>): OpSpec<A> => spec;
export const int64s = (data: readonly number[]) => ({ dtype: 'int64' as const, shape: [data.length], data });

/** "float32[2, 3]" */
export const showType = (t: TensorType): string => `${t.dtype}${showShape(t.shape)}`;
export const sameType = (a: TensorType, b: TensorType): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape);
