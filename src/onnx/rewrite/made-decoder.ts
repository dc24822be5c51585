// Writes Llama-like decoders with random weights, in the spellings that real exports use: small ones for tests, and one large
// enough to measure. A seed is a model: the same spec gives the same weights everywhere.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { prng } from '../../util/prng.ts';
import { toHalf, fromHalf } from './half.ts';
import {
  bytesTensor,
  externalTensor,
  FLOAT,
  FLOAT16,
  floatTensor,
  halfTensor,
  INT32,
  INT64,
  int64Tensor,
  MICROSOFT,
  node,
  valueInfo,
} from './proto.ts';

export interface TinySpec {
  layers: number;
  /** Width of the stream. */
  H: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  /** Width of the feed-forward layers. */
  F: number;
  vocabulary: number;
  /** One projection for query, key and value. */
  packed?: boolean;
  /** Rotation inside the attention op; no position input. */
  fusedRotary?: boolean;
  /** Projections as MatMulNBits with 4-bit weights. */
  int4?: boolean;
  /** Residual sums as Add + SimplifiedLayerNormalization instead of the fused op. */
  plainNorms?: boolean;
  /** Biases after the projections, and a norm per head (as Qwen models have). */
  headNorms?: boolean;
  /** Stale intermediate shapes, as shape inference leaves them. */
  valueInfo?: boolean;
  opset?: number;
  /** Weights, activations and caches in half precision between float32 embeddings and float32 logits. */
  half?: boolean;
  /** Token numbers in, with an embedding table in the file, instead of embeddings in. */
  ids?: boolean;
  /** Matrices lie in a second file of this name. */
  dataFile?: string;
  /** Longest sequence; 512 unless told. */
  positions?: number;
}
export const TINY: TinySpec = { layers: 6, H: 64, heads: 4, kvHeads: 2, headSize: 16, F: 128, vocabulary: 50 };
const POSITIONS = 512;
const EPSILON = 1e-5;
const BLOCK = 16;
const ALIGNMENT = 64;

/** Weight name -> values; matrices are [in, out] as the model applies them (int4: after dequantisation). */
export type TinyWeights = Map<string, Float32Array>;
export interface TinyDecoder {
  spec: TinySpec;
  bytes: Uint8Array<ArrayBuffer>;
  /** Of `spec.dataFile`, where it names one. */
  data: { path: string; data: Uint8Array<ArrayBuffer> } | null;
  weights: TinyWeights;
}

const half = (x: TinySpec) => x.headSize / 2;
/** Angle of pair `j` at position `p`. */
export const angle = (spec: TinySpec, p: number, j: number): number => p / 10_000 ** (j / half(spec));

class Writer {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly weights: TinyWeights = new Map();
  readonly spec: TinySpec;
  private readonly rng = prng(1, 'tiny-decoder');
  constructor(spec: TinySpec) {
    this.spec = spec;
  }
  add(...args: Parameters<typeof node>): string {
    const n = node(...args);
    this.nodes.push(n);
    return n.output[0];
  }
  /** Matrices of the second file, in order. */
  readonly apart: { values: Float32Array; offset: number }[] = [];
  get type(): number {
    return this.spec.half ? FLOAT16 : FLOAT;
  }
  vector(name: string, values: Float32Array, dims: readonly number[] = [values.length]): string {
    this.weights.set(name, this.spec.half ? fromHalf(toHalf(values)) : values);
    this.initializers.push(this.spec.half ? halfTensor(name, toHalf(values), dims) : floatTensor(name, values, dims));
    return name;
  }
  matrix(name: string, values: Float32Array, dims: readonly number[]): string {
    if (!this.spec.dataFile) return this.vector(name, values, dims);
    const last = this.apart.at(-1);
    const offset = last ? Math.ceil((last.offset + last.values.byteLength) / ALIGNMENT) * ALIGNMENT : 0;
    this.weights.set(name, values);
    this.apart.push({ values, offset });
    this.initializers.push(
      externalTensor(name, dims, FLOAT, { location: this.spec.dataFile, offset, length: values.byteLength }),
    );
    return name;
  }
  near(name: string, length: number, centre: number): string {
    return this.vector(
      name,
      this.rng
        .fork(name)
        .normals(length, 0.1)
        .map((v) => v + centre),
    );
  }

  /** x [.., inputs] times a random matrix. */
  project(x: string, name: string, inputs: number, outputs: number, scale: number, y: string, bias = false): string {
    const matrix = this.rng.fork(name).normals(inputs * outputs, scale * Math.sqrt(TINY.H / this.spec.H));
    const product = bias ? `${y}.product` : y;
    if (this.spec.int4) this.quantised(x, name, inputs, outputs, matrix, product);
    else this.add('MatMul', [x, this.matrix(name, matrix, [inputs, outputs])], [product]);
    return bias ? this.add('Add', [product, this.near(`${name}.bias`, outputs, 0)], [y]) : product;
  }
  /** MatMulNBits: per output and block of 16 inputs one scale, 4-bit values with zero point 8. */
  private quantised(x: string, name: string, inputs: number, outputs: number, matrix: Float32Array, y: string): void {
    const blocks = inputs / BLOCK;
    const packed = new Uint8Array(outputs * blocks * (BLOCK / 2));
    const scales = new Float32Array(outputs * blocks);
    const exact = new Float32Array(matrix.length);
    for (let o = 0; o < outputs; o++)
      for (let b = 0; b < blocks; b++) {
        let largest = 0;
        for (let i = b * BLOCK; i < (b + 1) * BLOCK; i++)
          largest = Math.max(largest, Math.abs(matrix[i * outputs + o]));
        const scale = this.spec.half ? fromHalf(toHalf([largest / 7]))[0] : Math.fround(largest / 7);
        scales[o * blocks + b] = scale;
        for (let i = 0; i < BLOCK; i++) {
          const at = (b * BLOCK + i) * outputs + o;
          const q = Math.min(15, Math.max(0, Math.round(matrix[at] / scale) + 8));
          packed[(o * blocks + b) * (BLOCK / 2) + (i >> 1)] |= q << (4 * (i & 1));
          exact[at] = (q - 8) * scale;
        }
      }
    this.weights.set(name, exact);
    this.initializers.push(
      bytesTensor(`${name}.q4`, packed, [outputs, blocks, BLOCK / 2]),
      this.spec.half
        ? halfTensor(`${name}.scales`, toHalf(scales), [scales.length])
        : floatTensor(`${name}.scales`, scales),
    );
    this.add(
      'MatMulNBits',
      [x, `${name}.q4`, `${name}.scales`],
      [y],
      { K: inputs, N: outputs, bits: 4, block_size: BLOCK },
      MICROSOFT,
    );
  }
}

/** Residual stream `res` plus `branch` (none at the start), normalised. */
function norm(
  w: Writer,
  res: string,
  branch: string | null,
  scale: string,
  y: string,
): { normed: string; residual: string } {
  w.vector(
    scale,
    prng(2, scale)
      .normals(w.spec.H, 0.1)
      .map((v) => v + 1),
  );
  if (branch === null || w.spec.plainNorms) {
    const residual = branch === null ? res : w.add('Add', [res, branch], [`${y}.sum`]);
    return {
      normed: w.add('SimplifiedLayerNormalization', [residual, scale], [y], {
        axis: -1,
        epsilon: { float: EPSILON },
        stash_type: 1,
      }),
      residual,
    };
  }
  w.add(
    'SkipSimplifiedLayerNormalization',
    [res, branch, scale],
    [y, '', '', `${y}.sum`],
    { epsilon: { float: EPSILON } },
    MICROSOFT,
  );
  return { normed: y, residual: `${y}.sum` };
}

function perHead(w: Writer, x: string, name: string, heads: number): string {
  if (!w.spec.headNorms) return x;
  const { headSize: d } = w.spec;
  w.vector(
    name,
    prng(3, name)
      .normals(d, 0.1)
      .map((v) => v + 1),
  );
  w.initializers.push(int64Tensor(`${name}.split`, [0, 0, heads, d]), int64Tensor(`${name}.join`, [0, 0, heads * d]));
  const split = w.add('Reshape', [x, `${name}.split`], [`${x}.heads`]);
  return w.add(
    'Reshape',
    [
      w.add('SimplifiedLayerNormalization', [split, name], [`${x}.normed`], {
        axis: -1,
        epsilon: { float: EPSILON },
        stash_type: 1,
      }),
      `${name}.join`,
    ],
    [`${x}.joined`],
  );
}

function attention(w: Writer, l: number, x: string): string {
  const { H, heads, kvHeads, headSize: d, packed, fusedRotary, headNorms } = w.spec;
  const turn = (name: string) =>
    fusedRotary
      ? name
      : w.add(
          'RotaryEmbedding',
          [name, 'position_ids', 'cos', 'sin'],
          [`${name}.turned`],
          { interleaved: 0 },
          MICROSOFT,
        );
  const cache = [`past_key_values.${l}.key`, `past_key_values.${l}.value`, 'seqlens_k', 'total_length'];
  const attributes = { num_heads: heads, kv_num_heads: kvHeads, do_rotary: Number(fusedRotary ?? false) };
  const inputs = packed
    ? [w.project(x, `l${l}.qkv`, H, (heads + 2 * kvHeads) * d, 0.2, `qkv${l}`), '', '']
    : [
        turn(perHead(w, w.project(x, `l${l}.q`, H, heads * d, 0.25, `q${l}`, headNorms), `l${l}.qNorm`, heads)),
        turn(perHead(w, w.project(x, `l${l}.k`, H, kvHeads * d, 0.25, `k${l}`, headNorms), `l${l}.kNorm`, kvHeads)),
        w.project(x, `l${l}.v`, H, kvHeads * d, 0.12, `v${l}`),
      ];
  w.add(
    'GroupQueryAttention',
    [...inputs, ...cache, ...(fusedRotary ? ['cos', 'sin'] : [])],
    [`attention${l}`, `present.${l}.key`, `present.${l}.value`],
    attributes,
    MICROSOFT,
  );
  return w.project(`attention${l}`, `l${l}.o`, heads * d, H, 0.12, `o${l}`);
}

function feedForward(w: Writer, l: number, x: string): string {
  const { H, F } = w.spec;
  const gate = w.project(x, `l${l}.gate`, H, F, 0.12, `gate${l}`);
  const up = w.project(x, `l${l}.up`, H, F, 0.12, `up${l}`);
  return w.project(
    w.add('Mul', [w.add('Mul', [gate, w.add('Sigmoid', [gate], [`sigmoid${l}`])], [`silu${l}`]), up], [`gated${l}`]),
    `l${l}.down`,
    F,
    H,
    0.1,
    `down${l}`,
  );
}

/** Lengths that all layers share, from the attention mask, as the genai builder writes them. */
function lengths(w: Writer): void {
  w.initializers.push(int64Tensor('one1', [1]), int64Tensor('one', [1], []));
  w.add(
    'Cast',
    [
      w.add(
        'Sub',
        [w.add('ReduceSum', ['attention_mask', 'one1'], ['maskSum'], { keepdims: 0 }), 'one1'],
        ['maskLast'],
      ),
    ],
    ['seqlens_k'],
    { to: INT32 },
  );
  w.add(
    'Cast',
    [w.add('Gather', [w.add('Shape', ['attention_mask'], ['maskShape']), 'one'], ['maskLength'], { axis: 0 })],
    ['total_length'],
    { to: INT32 },
  );
}

/** A decoder with inputs_embeds, attention_mask, position_ids (unless `fusedRotary`), caches; outputs logits and caches. */
export function tinyDecoder(spec: TinySpec = TINY): TinyDecoder {
  const w = new Writer(spec);
  const { H, vocabulary, layers } = spec;
  const h = half(spec);
  const positions = spec.positions ?? POSITIONS;
  const table = (f: (x: number) => number) =>
    Float32Array.from({ length: positions * h }, (_, i) => f(angle(spec, Math.floor(i / h), i % h)));
  w.vector('cos', table(Math.cos), [positions, h]);
  w.vector('sin', table(Math.sin), [positions, h]);
  lengths(w);
  let residual = embedded(w);
  let branch: string | null = null;
  for (let l = 0; l < layers; l++) {
    const a = norm(w, residual, branch, `l${l}.norm1`, `x${l}`);
    const f = norm(w, a.residual, attention(w, l, a.normed), `l${l}.norm2`, `y${l}`);
    [residual, branch] = [f.residual, feedForward(w, l, f.normed)];
  }
  const final = norm(w, residual, branch, 'finalNorm', 'xFinal');
  w.matrix('head', prng(1, 'head').normals(H * vocabulary, 0.12 * Math.sqrt(TINY.H / H)), [H, vocabulary]);
  w.add('MatMul', [final.normed, 'head'], [spec.half ? 'halfLogits' : 'logits']);
  if (spec.half) w.add('Cast', ['halfLogits'], ['logits'], { to: FLOAT });
  return { spec, weights: w.weights, bytes: encode(w, interface_(w)), data: dataOf(w) };
}

/** The stream that enters the first layer. */
function embedded(w: Writer): string {
  const { ids, half, H, vocabulary } = w.spec;
  if (ids)
    return w.add(
      'Gather',
      [w.vector('embed', prng(4, 'embed').normals(vocabulary * H), [vocabulary, H]), 'input_ids'],
      ['embedded'],
      { axis: 0 },
    );
  return half ? w.add('Cast', ['inputs_embeds'], ['embedded'], { to: FLOAT16 }) : 'inputs_embeds';
}

function dataOf({ spec, apart }: Writer): TinyDecoder['data'] {
  const last = apart.at(-1);
  if (!spec.dataFile || !last) return null;
  const data = new Uint8Array(last.offset + last.values.byteLength);
  for (const { values, offset } of apart)
    data.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
  return { path: spec.dataFile, data };
}

/** Dimension names are shared between layers, as exports do. */
function interface_({ spec: { layers, H, vocabulary, kvHeads, headSize, fusedRotary, ids }, type }: Writer): {
  inputs: ValueInfoProto[];
  outputs: ValueInfoProto[];
} {
  const first = ids
    ? valueInfo('input_ids', INT64, ['batch_size', 'sequence_length'])
    : valueInfo('inputs_embeds', FLOAT, ['batch_size', 'sequence_length', H]);
  const inputs = [first, valueInfo('attention_mask', INT64, ['batch_size', 'total_sequence_length'])];
  if (!fusedRotary) inputs.push(valueInfo('position_ids', INT64, ['batch_size', 'sequence_length']));
  const outputs = [valueInfo('logits', FLOAT, ['batch_size', 'sequence_length', vocabulary])];
  for (let l = 0; l < layers; l++)
    for (const part of ['key', 'value']) {
      inputs.push(
        valueInfo(`past_key_values.${l}.${part}`, type, ['batch_size', kvHeads, 'past_sequence_length', headSize]),
      );
      outputs.push(valueInfo(`present.${l}.${part}`, type, ['batch_size', kvHeads, 'total_sequence_length', headSize]));
    }
  return { inputs, outputs };
}

function encode(
  w: Writer,
  { inputs, outputs }: { inputs: ValueInfoProto[]; outputs: ValueInfoProto[] },
): Uint8Array<ArrayBuffer> {
  const stale = w.spec.valueInfo
    ? w.nodes
        .filter((n) => /^[xyq]\d/.test(n.output[0]))
        .map((n) =>
          valueInfo(n.output[0], FLOAT, [
            'batch_size',
            'sequence_length',
            n.output[0].startsWith('q') ? w.spec.heads * w.spec.headSize : w.spec.H,
          ]),
        )
    : [];
  const opset = (domain: string, version: number) =>
    create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'paper-playground',
      opsetImport: [opset('', w.spec.opset ?? 17), opset(MICROSOFT, 1)],
      graph: create(GraphProtoSchema, {
        name: 'tiny',
        node: w.nodes,
        initializer: w.initializers,
        input: inputs,
        output: outputs,
        valueInfo: stale,
      }),
    }),
  ) as Uint8Array<ArrayBuffer>;
}

/** A decoder of the unfused family: attention as MatMul - Softmax - MatMul. One layer suffices: it must be refused. */
export function eagerDecoder(): Uint8Array<ArrayBuffer> {
  const w = new Writer({ ...TINY, layers: 1 });
  const { H } = TINY;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => w.project('inputs_embeds', name, H, H, 0.2, `${name}Out`));
  const kt = w.add('Transpose', [k], ['kt'], { perm: [0, 2, 1] });
  w.add('MatMul', [w.add('Softmax', [w.add('MatMul', [q, kt], ['scores'])], ['weights'], { axis: -1 }), v], ['logits']);
  return encode(w, {
    inputs: [valueInfo('inputs_embeds', FLOAT, ['b', 's', H]), valueInfo('attention_mask', INT64, ['b', 't'])],
    outputs: [valueInfo('logits', FLOAT, ['b', 's', H])],
  });
}
