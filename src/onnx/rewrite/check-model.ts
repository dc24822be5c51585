// Is a foreign model sane? One pass over graph and sizes before anything walks or computes with them: no cycles, no value
// made twice, sizes that a machine can have, weights as long as their shapes, data files that can be told apart.
import { TensorProto_DataLocation, type GraphProto, type ModelProto, type NodeProto, type TensorProto } from 'onnx-buf';
import { ModelFileError } from './errors.ts';
import { dimensions, fixed, sorted } from './proto.ts';

/** More elements than any weight of a model that fits into a tab. */
const MOST_ELEMENTS = 2 ** 36;
const MOST_RANK = 16;
/** Bits per element of ONNX's data types that have a size. */
const BITS: Record<number, number> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
};

function insane(where: string, expected: string, got: string): never {
  throw new ModelFileError(`${where}: expected ${expected}; got ${got}. The file is damaged: download it again`);
}
const quoted = (name: string) => `"${name.length > 80 ? `${name.slice(0, 80)}…` : name}"`;

/** Puts the nodes in order of execution. @throws ModelFileError for a model that is not sane */
export function checkModel(model: ModelProto): void {
  const graph = model.graph!;
  const made = checkNames(graph);
  graph.node = sorted(graph.node, (at) =>
    insane('graph', 'values that follow from the inputs', `a cycle at ${at.opType} ${quoted(at.name || at.output[0])}`),
  );
  for (const n of graph.node)
    for (const input of n.input)
      if (input && !made.has(input))
        insane(describe(n), 'inputs of this graph', `${quoted(input)}, which nothing makes`);
  for (const output of graph.output)
    if (!made.has(output.name)) insane('graph', 'every output made by a node', `${quoted(output.name)} by none`);
  for (const info of [...graph.input, ...graph.output])
    checkSizes(
      info.name,
      dimensions(info).map((d) => fixed(d) ?? 1),
    );
  for (const tensor of graph.initializer) checkWeight(tensor);
}

/** Every value is made once. @returns the names of all values */
function checkNames(graph: GraphProto): Set<string> {
  const made = new Set(graph.initializer.map((t) => t.name));
  if (made.size !== graph.initializer.length)
    insane('weights', 'different names', `${graph.initializer.length - made.size} that occur twice`);
  const inputs = new Set<string>();
  for (const { name } of graph.input) {
    if (!name || inputs.has(name)) insane('inputs', 'different names', quoted(name));
    inputs.add(name);
    made.add(name);
  }
  for (const n of graph.node)
    for (const output of n.output.filter(Boolean)) {
      if (made.has(output)) insane(describe(n), 'a new value', `${quoted(output)}, which exists already`);
      made.add(output);
    }
  return made;
}
const describe = (n: NodeProto) => `${n.opType} ${quoted(n.name)}`;

/** @returns the number of elements */
function checkSizes(name: string, sizes: readonly number[]): number {
  const count = sizes.reduce((a, b) => a * b, 1);
  if (sizes.length > MOST_RANK || sizes.some((s) => !Number.isSafeInteger(s) || s < 0) || count > MOST_ELEMENTS)
    insane(quoted(name), `sizes from 0 on, and at most ${MOST_ELEMENTS} elements`, `[${sizes.slice(0, 8).join(', ')}]`);
  return count;
}

function checkWeight(tensor: TensorProto): void {
  const count = checkSizes(tensor.name, tensor.dims.map(Number));
  const bits = BITS[tensor.dataType];
  if (bits === undefined) return;
  const bytes = Math.ceil((count * bits) / 8);
  const isApart = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
  const length = isApart ? placeOf(tensor).length : tensor.rawData.length || undefined;
  if (length !== undefined && length !== bytes)
    insane(`weight ${quoted(tensor.name)}`, `${bytes} bytes for its shape [${tensor.dims.join(', ')}]`, String(length));
}

/** Where a weight lies in another file. `length` undefined: up to the file's end. @throws ModelFileError when that makes no sense */
export function placeOf({ name, externalData, dims, dataType }: TensorProto): {
  path: string;
  offset: number;
  length: number | undefined;
  /** Bytes that its shape needs. */ needed: number;
} {
  const entries = new Map(externalData.map(({ key, value }) => [key, value]));
  const whole = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value))
      insane(`weight ${quoted(name)}`, `its ${key} as a whole number from 0 on`, quoted(text));
    return value;
  };
  const path = entries.get('location');
  if (!path) return insane(`weight ${quoted(name)}`, 'the name of the file that holds it', 'none');
  const count = dims.reduce((n, d) => n * Number(d), 1);
  return {
    path,
    offset: whole('offset') ?? 0,
    length: whole('length'),
    needed: Math.ceil((count * (BITS[dataType] ?? 0)) / 8),
  };
}
