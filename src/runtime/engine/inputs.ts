// Which input of a graph comes from where (state, resident data, gathered rows, feed), and the checks of every feed.
import type { Feeds, HostArray } from '../../engine/engine.ts';
import { invariant } from '../../util/invariant.ts';
import { showShape, size } from '../../util/shape.ts';
import { EngineError } from '../wire/errors.ts';

export interface InputType {
  name: string;
  dtype: 'float32' | 'int32' | 'int64' | 'bool';
  shape: readonly number[];
}

/** Rows of `source` that a step copies on the host. */
interface GatheredInput {
  type: InputType;
  source: HostArray;
  sourceName: string;
  index: string;
  buffer: HostArray;
}

export interface InputPlan {
  /** Fed at every run. */
  fed: InputType[];
  /** Never change: data sets that the graph gathers from. */
  resident: { type: InputType; data: HostArray }[];
  gathered: GatheredInput[];
  /** Feeds that name the rows to gather. */
  indices: Set<string>;
  /** May be fed, to no effect: the passes found no use for them. */
  unused: readonly string[];
}

export interface PlanRequest {
  unused?: readonly string[];
  inputs: readonly InputType[];
  state?: readonly string[];
  batches?: readonly { input: string; source: string; index: string }[];
  sources?: Record<string, HostArray>;
}

/** Sorts the inputs of a graph by origin. @throws EngineError when a source is missing or does not fit. */
export function planInputs({ inputs, state = [], batches = [], sources = {}, unused = [] }: PlanRequest): InputPlan {
  const plan: InputPlan = {
    fed: [],
    resident: [],
    gathered: [],
    indices: new Set(batches.map((b) => b.index)),
    unused,
  };
  const byInput = new Map(batches.map((b) => [b.input, b]));
  for (const type of inputs) {
    if (state.includes(type.name)) continue;
    const batch = byInput.get(type.name);
    if (batch) plan.gathered.push(gathered(type, batch, sources));
    else if (type.name in sources)
      plan.resident.push({ type, data: fit(`source ${type.name}`, type, sources[type.name]) });
    else plan.fed.push(type);
  }
  return plan;
}

function gathered(
  type: InputType,
  batch: { source: string; index: string },
  sources: Record<string, HostArray>,
): GatheredInput {
  const source = sources[batch.source];
  if (!source)
    throw bad(
      `source ${batch.source}: expected its data, which the rows of "${type.name}" come from; got sources ${list(Object.keys(sources))}`,
    );
  checkArray(`source ${batch.source}`, type, source);
  const buffer = type.dtype === 'int32' ? new Int32Array(size(type.shape)) : new Float32Array(size(type.shape));
  return { type, source, sourceName: batch.source, index: batch.index, buffer };
}

/** The values of `feeds` and the gathered rows, checked against the graph. Arrays are valid until the next call. @throws EngineError */
export function bindFeeds(plan: InputPlan, feeds: Feeds): { type: InputType; data: HostArray }[] {
  const known = [...plan.fed.map((t) => t.name), ...plan.indices];
  for (const name in feeds)
    if (!known.includes(name) && !plan.unused.includes(name))
      throw bad(`feed ${name}: expected one of ${list(known)}; got an unknown name`);
  const bound = plan.fed.map((type) => {
    if (!(type.name in feeds)) throw bad(`feed ${type.name}: expected ${showType(type)}; got nothing`);
    return { type, data: fit(`feed ${type.name}`, type, feeds[type.name]) };
  });
  for (const g of plan.gathered) bound.push({ type: g.type, data: gatherRows(g, feeds[g.index]) });
  return bound;
}

/** Row i of the result is row index[i] of the source. */
function gatherRows(
  { type, source, sourceName, index, buffer }: GatheredInput,
  rows: HostArray | number | undefined,
): HostArray {
  if (!(rows instanceof Int32Array) || rows.length === 0 || buffer.length % rows.length !== 0) {
    throw bad(
      `feed ${index}: expected an Int32Array whose length divides the ${buffer.length} values of ${showType(type)} "${type.name}"; got ${show(rows)}`,
    );
  }
  const width = buffer.length / rows.length;
  const count = source.length / width;
  if (!Number.isInteger(count))
    throw bad(`source ${sourceName}: expected rows of ${width} values; got ${source.length} values`);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row < 0 || row >= count) throw bad(`feed ${index}: expected rows in 0..${count - 1}; got ${row} at ${i}`);
    buffer.set(source.subarray(row * width, (row + 1) * width), i * width);
  }
  return buffer;
}

function fit(where: string, type: InputType, value: HostArray | number): HostArray {
  if (typeof value === 'number') {
    if (size(type.shape) !== 1) throw bad(`${where}: expected ${showType(type)}; got the number ${value}`);
    return type.dtype === 'float32' ? Float32Array.of(value) : Int32Array.of(value);
  }
  checkArray(where, type, value);
  if (value.length !== size(type.shape))
    throw bad(`${where}: expected ${size(type.shape)} values for ${showType(type)}; got ${value.length}`);
  return value;
}

function checkArray(where: string, type: InputType, value: HostArray): void {
  const isFit = type.dtype === 'float32' ? value instanceof Float32Array : value instanceof Int32Array;
  if (!isFit)
    throw bad(
      `${where}: expected ${type.dtype === 'float32' ? 'a Float32Array' : 'an Int32Array'} for ${showType(type)}; got ${show(value)}`,
    );
}

/** Shapes of a foreign model may name dimensions: one unknown dimension follows from the length of the feed. */
export function resolveShape(name: string, shape: readonly (number | string)[], length: number): number[] {
  const unknown = shape.filter((d) => typeof d === 'string' || d < 0);
  invariant(
    unknown.length <= 1,
    () => `feed ${name}: expected at most one open dimension; got ${showShape(shape as number[])}`,
  );
  const known = shape.reduce<number>((a, d) => (typeof d === 'number' && d >= 0 ? a * d : a), 1);
  return shape.map((d) => (typeof d === 'string' || d < 0 ? length / known : d));
}

const bad = (message: string) => new EngineError('internal', message);
const list = (names: readonly string[]) => (names.length ? names.join(', ') : 'none');
const showType = (t: InputType) => `${t.dtype}${showShape(t.shape)}`;
const show = (v: unknown) =>
  ArrayBuffer.isView(v)
    ? `${v.constructor.name} of ${(v as HostArray).length}`
    : typeof v === 'number'
      ? `the number ${v}`
      : typeof v;
