// Decoder files that are damaged in transit or insane by construction: each must open, or be refused in the project's own words.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataLocation, type GraphProto, type ModelProto } from 'onnx-buf';
import { MatchError, ModelFileError } from '../../src/onnx/rewrite/errors.ts';
import { TINY, tinyDecoder, type TinyDecoder, type TinySpec } from '../../src/onnx/rewrite/made-decoder.ts';
import { dimensions, node, placeEntries } from '../../src/onnx/rewrite/proto.ts';
import { plainDecoder, rewritePyramidDrop, type Positions } from '../../src/onnx/rewrite/pyramid-drop.ts';
import { openModel, type OpenedModel } from '../../src/own-model/open-model.ts';
import type { Prng } from '../../src/util/prng.ts';
import { pick } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

const SMALL: TinySpec = {
  ...TINY,
  layers: 3,
  H: 32,
  heads: 4,
  kvHeads: 2,
  headSize: 16,
  F: 32,
  vocabulary: 20,
  positions: 64,
};
const SPECS: TinySpec[] = [
  SMALL,
  { ...SMALL, ids: true },
  { ...SMALL, packed: true, fusedRotary: true },
  { ...SMALL, int4: true, plainNorms: true },
  { ...SMALL, headNorms: true, half: true },
  { ...SMALL, dataFile: 'données.bin', valueInfo: true },
];
const made = new Map<TinySpec, TinyDecoder>();
function baseOf(spec: TinySpec): TinyDecoder {
  const known = made.get(spec) ?? tinyDecoder(spec);
  made.set(spec, known);
  return known;
}

/** Damage to the bytes. */
const BYTES: ((rng: Prng, bytes: Uint8Array) => Uint8Array)[] = [
  (rng, b) => b.slice(0, rng.int(b.length)),
  (rng, b) => b.slice(rng.int(64)),
  (rng, b) => changed(rng, b, () => rng.int(256)),
  (rng, b) => changed(rng, b, (v) => v ^ (1 << rng.int(8))),
  (rng, b) => {
    const at = rng.int(b.length);
    const added = Uint8Array.from({ length: rng.int(9) }, () => rng.int(256));
    const out = new Uint8Array(b.length + added.length);
    out.set(b.subarray(0, at));
    out.set(added, at);
    out.set(b.subarray(at), at + added.length);
    return out;
  },
];
/** Most of a file is weights: half of the changes go to the nodes at its beginning. */
function changed(rng: Prng, bytes: Uint8Array, value: (old: number) => number): Uint8Array {
  const out = bytes.slice();
  const end = rng.next() < 0.5 ? Math.min(4000, out.length) : out.length;
  for (let n = 1 + rng.int(6); n > 0; n--) {
    const at = rng.int(end);
    out[at] = value(out[at]);
  }
  return out;
}

const NUMBERS = [0n, 1n, -1n, 2n, 3n, 7n, 2n ** 31n, 2n ** 40n, 2n ** 62n, -(2n ** 63n)];
const TEXTS = ['', 'abc', '-1', 'NaN', '1e9', '9999999999999999999', '../../x', '__proto__', 'constructor', '12'];
const valuesOf = (graph: GraphProto) => [
  ...graph.input.map((i) => i.name),
  ...graph.initializer.map((t) => t.name),
  ...graph.node.flatMap((n) => n.output),
];
/** Damage to what the file says. */
const GRAPHS: ((rng: Prng, graph: GraphProto, model: ModelProto) => void)[] = [
  (rng, g) => {
    const n = pick(rng, g.node);
    if (n.input.length) n.input[rng.int(n.input.length)] = pick(rng, [...valuesOf(g), '', 'nowhere', 'constructor']);
  },
  (rng, g) => {
    const n = pick(rng, g.node);
    if (n.output.length) n.output[rng.int(n.output.length)] = pick(rng, [...valuesOf(g), '', 'new']);
  },
  (rng, g) => {
    const chosen = rng.next() < 0.5 ? g.node.filter((n) => n.opType === 'GroupQueryAttention') : g.node;
    const a = pick(rng, pick(rng, chosen).attribute);
    if (a) Object.assign(a, { i: pick(rng, NUMBERS), f: pick(rng, [NaN, Infinity, -1, 0, 1e38]) });
  },
  (rng, g) => {
    const dims = dimensions(pick(rng, [...g.input, ...g.output]));
    if (dims.length) pick(rng, dims).value = { case: 'dimValue', value: pick(rng, NUMBERS) };
  },
  (rng, g) => {
    const type = pick(rng, [...g.input, ...g.output]).type?.value;
    if (type?.case === 'tensorType') type.value.elemType = rng.int(24);
    if (type?.case === 'tensorType' && rng.next() < 0.3) type.value.shape = undefined;
  },
  (rng, g) => {
    const t = pick(rng, g.initializer);
    if (rng.next() < 0.5) t.dims = Array.from({ length: rng.int(4) }, () => pick(rng, NUMBERS));
    else t.dataType = rng.int(24);
  },
  (rng, g) => {
    const t = pick(rng, g.initializer);
    t.dataLocation = TensorProto_DataLocation.EXTERNAL;
    t.externalData = placeEntries({ location: pick(rng, TEXTS), offset: rng.int(99), length: rng.int(99) });
    const entry = pick(rng, t.externalData);
    if (entry.key !== 'location' || rng.next() < 0.5) entry.value = pick(rng, TEXTS);
  },
  (rng, g) => void g.node.splice(rng.int(g.node.length), 1 + rng.int(3)),
  (rng, g) => void g.node.push(pick(rng, g.node)),
  (rng, g) => void g.node.reverse().splice(0, rng.int(2)),
  (rng, g) => void pick<{ name: string }[]>(rng, [g.input, g.output, g.initializer]).splice(rng.int(8), 1 + rng.int(2)),
  (rng, g) =>
    void (pick(rng, [...g.input, ...g.output, ...g.initializer]).name = pick(rng, [
      ...valuesOf(g),
      '',
      'other',
      '__proto__',
    ])),
  (rng, g) =>
    void (pick(rng, g.node).opType = pick(rng, [
      'Identity',
      'MatMul',
      'If',
      'constructor',
      '__proto__',
      'GroupQueryAttention',
      'Gather',
    ])),
  (rng, g) => insertChain(rng, g),
  (rng, _, m) => void (m.opsetImport = m.opsetImport.map((o) => ({ ...o, version: pick(rng, NUMBERS) }))),
];
/** Thousands of Identity nodes before a node's input; sometimes closed to a ring. */
function insertChain(rng: Prng, graph: GraphProto): void {
  const n = pick(rng, graph.node);
  if (!n.input.length) return;
  const at = rng.int(n.input.length);
  const from = rng.next() < 0.3 ? n.output[0] : n.input[at];
  const length = pick(rng, [1, 50, 5000]);
  const name = (i: number) => (i === 0 ? from : `chain${i}`);
  for (let i = 0; i < length; i++) graph.node.push(node('Identity', [name(i)], [name(i + 1)]));
  n.input[at] = name(length);
}

function damaged(rng: Prng, bytes: Uint8Array): Uint8Array {
  if (rng.next() < 0.3) return pick(rng, BYTES)(rng, bytes);
  const model = fromBinary(ModelProtoSchema, bytes);
  for (let n = 1 + rng.int(3); n > 0; n--) if (model.graph!.node.length) pick(rng, GRAPHS)(rng, model.graph!, model);
  return toBinary(ModelProtoSchema, model);
}

interface Chosen {
  files: { path: string; data: Uint8Array }[];
  cuts: number[];
  positions: Positions;
}
/** Rewrites an opened decoder as a comparison would. */
function rewritten({ original, facts }: OpenedModel, cuts: readonly number[], positions: Positions): void {
  plainDecoder(original, { lastRowOnly: true });
  const possible = cuts.filter((cut) => cut < facts.layers);
  if (possible.length)
    rewritePyramidDrop(original, {
      cuts: possible,
      positions: facts.rotary === 'fused' ? 'renumber' : positions,
      lastRowOnly: true,
    });
}
function refusal(error: unknown): string {
  if (error instanceof MatchError) return 'refused: no decoder of the family';
  if (!(error instanceof ModelFileError)) throw error;
  if (error.message.includes('whole ONNX model')) return 'refused: no ONNX model';
  return error.message.startsWith('data file') ? 'refused: data files' : 'refused: not sane';
}
/** What the page shows and computes with. */
function checkFacts({ facts }: OpenedModel): void {
  const { heads, kvHeads, headSize, width, vocabulary, maxTokens, parameters, linearMacs } = facts;
  for (const [name, n] of Object.entries({ heads, kvHeads, headSize, width, vocabulary, parameters, linearMacs }))
    if (!Number.isSafeInteger(n) || n < 0) throw new Error(`${name}: expected a whole number from 0 on; got ${n}`);
  if (!(maxTokens >= 0)) throw new Error(`maxTokens: expected a number; got ${maxTokens}`);
}

export const onnxTarget: FuzzTarget<Chosen> = {
  limitMs: 1000,
  make(rng) {
    const { bytes, data } = baseOf(pick(rng, SPECS));
    const files = [{ path: 'decoder.onnx', data: damaged(rng, bytes) }];
    if (data) {
      const path = pick(rng, [data.path, data.path.normalize('NFD'), 'other.bin']);
      files.push({ path, data: rng.next() < 0.8 ? data.data : data.data.slice(0, 100) });
    }
    return { files, cuts: pick(rng, [[1], [2], [1, 2]]), positions: pick(rng, ['renumber', 'original'] as const) };
  },
  run({ files, cuts, positions }) {
    try {
      const opened = openModel(files);
      checkFacts(opened);
      rewritten(opened, cuts, positions);
      return 'opened';
    } catch (error) {
      return refusal(error);
    }
  },
  // a shorter file is another kind of damage: it says nothing about this one
  shrink: () => [],
  show: ({ files, cuts, positions }) =>
    `${files.map((f) => `${f.path} (${f.data.length} bytes)`).join(', ')}, cuts ${cuts.join(' ')}, ${positions}`,
};
