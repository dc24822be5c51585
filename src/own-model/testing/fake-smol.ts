// Files of the same kinds as SmolVLM's, tiny and with random weights, so that download, tokeniser, prompt and picture can be
// tested without a network. For tests only.
import { createHash } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { TINY, tinyDecoder } from '../../onnx/rewrite/made-decoder.ts';
import { FLOAT, floatTensor, INT64, int64Tensor, node, valueInfo } from '../../onnx/rewrite/proto.ts';
import { prng } from '../../util/prng.ts';
import { PARTS } from '../smol-files.ts';

const SPECIAL = [
  '<|im_start|>',
  '<end_of_utterance>',
  '<fake_token_around_image>',
  '<image>',
  '<global-img>',
  ...Array.from({ length: 16 }, (_, i) => `<row_${Math.floor(i / 4) + 1}_col_${(i % 4) + 1}>`),
];
const VOCABULARY = 256 + SPECIAL.length + 2;
const H = TINY.H;
const BOOL = 9;

/** GPT-2's printable stand-ins for the 256 bytes. */
function byteLetters(): string[] {
  const plain = [
    ...Array.from({ length: 94 }, (_, i) => 33 + i),
    ...Array.from({ length: 12 }, (_, i) => 161 + i),
    ...Array.from({ length: 82 }, (_, i) => 174 + i),
  ];
  let next = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(plain.includes(b) ? b : next++));
}
/** Byte-level pairs with two merges ("wh", "what" stays in pieces), and the special tokens. */
function tokenizer(): object {
  const letters = byteLetters();
  const vocabulary = Object.fromEntries([...letters, 'wh', 'at'].map((letter, i) => [letter, i]));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    normalizer: null,
    post_processor: null,
    added_tokens: SPECIAL.map((content, i) => ({
      id: 258 + i,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      merges: ['w h', 'a t'],
    },
  };
}
function model(
  nodes: NodeProto[],
  initializer: TensorProto[],
  input: ValueInfoProto[],
  output: ValueInfoProto[],
): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'fake',
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: 17n })],
      graph: create(GraphProtoSchema, { name: 'fake', node: nodes, initializer, input, output }),
    }),
  );
}
const embed = () =>
  model(
    [node('Gather', ['table', 'input_ids'], ['inputs_embeds'], { axis: 0 })],
    [floatTensor('table', prng(5, 'embed').normals(VOCABULARY * H, 0.1), [VOCABULARY, H])],
    [valueInfo('input_ids', INT64, ['b', 's'])],
    [valueInfo('inputs_embeds', FLOAT, ['b', 's', H])],
  );
/** Mean colour of each of 8 x 8 cells, times a random matrix. */
const vision = () =>
  model(
    [
      node('Reshape', ['pixel_values', 'cells'], ['split']),
      node('ReduceMean', ['split'], ['mean'], { axes: [3, 5], keepdims: 0 }),
      node('Transpose', ['mean'], ['last'], { perm: [0, 2, 3, 1] }),
      node('Reshape', ['last', 'rows'], ['flat']),
      node('MatMul', ['flat', 'w'], ['image_features']),
    ],
    [
      int64Tensor('cells', [-1, 3, 8, 64, 8, 64]),
      int64Tensor('rows', [-1, 64, 3]),
      floatTensor('w', prng(6, 'vision').normals(3 * H, 0.3), [3, H]),
    ],
    [
      valueInfo('pixel_values', FLOAT, ['b', 'n', 3, 512, 512]),
      valueInfo('pixel_attention_mask', BOOL, ['b', 'n', 512, 512]),
    ],
    [valueInfo('image_features', FLOAT, ['n', 64, H])],
  );

/** Path in the repository -> bytes, for either precision. */
export function fakeSmol(): Map<string, Uint8Array> {
  const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const out = new Map<string, Uint8Array>();
  for (const { files } of Object.values(PARTS)) {
    out
      .set(files.decoder, tinyDecoder({ ...TINY, vocabulary: VOCABULARY, positions: 2048 }).bytes)
      .set(files.embed, embed())
      .set(files.vision, vision());
    out
      .set(files.tokenizer, json(tokenizer()))
      .set(files.tokenizerConfig, json({ tokenizer_class: 'GPT2Tokenizer', clean_up_tokenization_spaces: false }));
  }
  return out;
}
/** What the host's list says of them. */
export const listing = (files: ReadonlyMap<string, Uint8Array>, folder: string): object[] =>
  [...files]
    .filter(([path]) => (folder ? path.startsWith(`${folder}/`) : !path.includes('/')))
    .map(([path, data]) => ({
      type: 'file',
      path,
      size: data.length,
      ...(path.endsWith('.onnx')
        ? { lfs: { oid: createHash('sha256').update(data).digest('hex'), size: data.length } }
        : {}),
    }));
