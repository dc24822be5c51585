// Decoder files that are valid but not as ours are declared run with what they declare; what nobody could run, or what is damaged
// or insane, is refused in words when it is opened.
import { describe, expect, it } from 'vitest';
import { TensorProto_DataLocation, type GraphProto } from 'onnx-buf';
import { MatchError, ModelFileError } from '../onnx/rewrite/errors.ts';
import { TINY, tinyDecoder, type TinySpec } from '../onnx/rewrite/made-decoder.ts';
import { BOOL, dimensions, FLOAT16, INT32, node, placeEntries } from '../onnx/rewrite/proto.ts';
import { rewritePyramidDrop } from '../onnx/rewrite/pyramid-drop.ts';
import { editedDecoder, lengthen, redeclare, rename } from '../onnx/rewrite/testing/edit-model.ts';
import { foreignRuntime } from '../runtime/engine/foreign.ts';
import { openModel } from './open-model.ts';
import { OwnModelService } from './service.ts';

const quiet = () => undefined;
const file = (data: Uint8Array, path = 'decoder.onnx') => ({ path, data });
const SHORT: TinySpec = { ...TINY, layers: 3 };
const DOUBLE = 11;

async function compared(bytes: Uint8Array<ArrayBuffer>) {
  const service = new OwnModelService(foreignRuntime);
  const opened = await service.open({ kind: 'files', files: [new File([bytes], 'decoder.onnx')] }, quiet);
  if (!opened.ok) throw new Error(JSON.stringify(opened));
  const cuts = [{ layer: 1, keep: 4 }];
  const answer = await service.compare({ imageTokens: 8, cuts, positions: 'renumber', seed: 1 }, 'wasm', quiet);
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer.value;
}

describe('declared otherwise, and run', () => {
  it.each<[string, TinySpec, (graph: GraphProto) => void]>([
    [
      'int32 throughout, and every name another',
      { ...SHORT, ids: true },
      (g) => {
        redeclare(g, 'input_ids', INT32, false);
        redeclare(g, 'attention_mask', INT32);
        redeclare(g, 'position_ids', INT32);
        rename(g, 'input_ids', 'tokens');
        rename(g, 'attention_mask', 'mask');
        rename(g, 'position_ids', 'places');
        rename(g, 'logits', 'scores');
        rename(g, 'past_key_values.0.key', 'constructor');
      },
    ],
    [
      'half-precision embeddings, a mask of flags',
      { ...SHORT, half: true },
      (g) => {
        redeclare(g, 'inputs_embeds', FLOAT16, false);
        redeclare(g, 'attention_mask', BOOL);
      },
    ],
    [
      'embeddings of an unstated width, nodes in reverse order',
      SHORT,
      (g) => {
        dimensions(g.input[0])[2].value = { case: 'dimParam', value: 'width' };
        g.node.reverse();
      },
    ],
  ])('%s', async (_, spec, edit) => {
    const report = await compared(editedDecoder(spec, edit));
    expect(report.atZero).toEqual({ worst: 0, steps: 5 });
    expect(report.kept).toEqual([4]);
  });
});

/** The words with which opening is refused. */
function refusal(spec: TinySpec, edit: (graph: GraphProto) => void): string {
  try {
    openModel([file(editedDecoder(spec, edit))]);
  } catch (error) {
    if (error instanceof MatchError) return error.pattern;
    if (error instanceof ModelFileError) return error.message;
    throw error;
  }
  return 'opened';
}
const size = (g: GraphProto, name: string, axis: number, value: bigint) => {
  dimensions([...g.input, ...g.output].find((i) => i.name === name))[axis].value = { case: 'dimValue', value };
};
const attribute = (g: GraphProto, name: string, value: bigint, layer = 0) => {
  const attention = g.node.filter((n) => n.opType === 'GroupQueryAttention')[layer];
  attention.attribute.find((a) => a.name === name)!.i = value;
};
const weight = (g: GraphProto, name: string) => g.initializer.find((t) => t.name === name)!;
const apart =
  (place: object, name = 'cos') =>
  (g: GraphProto) =>
    void Object.assign(weight(g, name), {
      rawData: new Uint8Array(),
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: placeEntries({ location: 'w.bin', offset: 0, length: 512 * 8 * 4, ...place }),
    });

describe('refused in words when opened', () => {
  it.each<[string, (graph: GraphProto) => void, RegExp]>([
    [
      'embeddings in double precision',
      (g) => redeclare(g, 'inputs_embeds', DOUBLE, false),
      /"inputs_embeds": expected float32 or float16.*; got data type 11/,
    ],
    ['a fixed length', (g) => size(g, 'inputs_embeds', 1, 128n), /"inputs_embeds": expected an open length; got 128/],
    ['a fixed batch', (g) => size(g, 'attention_mask', 0, 4n), /"attention_mask": expected a batch of 1/],
    [
      'positions in three dimensions',
      (g) => dimensions(g.input[2]).push(dimensions(g.input[2])[0]),
      /"position_ids": expected 2 dimensions; got 3/,
    ],
    [
      'a fixed cache',
      (g) => size(g, 'past_key_values.1.key', 2, 64n),
      /"past_key_values.1.key": expected an open length; got 64/,
    ],
    [
      'a cache that is not given back',
      (g) => void g.output.pop(),
      /layer 2: expected the new key and value as graph outputs.*; got "present.2.value"/,
    ],
    ['an input of unknown use', (g) => void g.input.push({ ...g.input[0], name: 'pixels' }), /got pixels/],
    [
      'two layers beside each other',
      (g) => {
        const [first, second] = g.node.filter((n) => n.opType === 'GroupQueryAttention');
        second.input.splice(0, 3, ...first.input.slice(0, 3));
      },
      /layer 1: expected a stream after 1 attention ops; got one after 0/,
    ],
    ['what this page has rewritten before', (g) => rename(g, 'x0', 'pdrop/0/x'), /not rewritten here before/],
    [
      'an output that follows from itself',
      (g) => {
        rename(g, 'logits', 'before');
        g.node.push(node('Identity', ['logits'], ['logits']));
        g.output[0].name = 'logits';
      },
      /a cycle at Identity "logits"/,
    ],
    [
      'an input that nothing makes',
      (g) => void g.initializer.splice(g.initializer.indexOf(weight(g, 'l1.q')), 1),
      /MatMul "q1": expected inputs of this graph; got "l1.q", which nothing makes/,
    ],
    [
      'a new cache of another type than the old',
      (g) => {
        const info = g.output.find((o) => o.name === 'present.1.key')!.type!.value;
        if (info.case === 'tensorType') info.value.elemType = FLOAT16;
      },
      /layer 1: expected the new key and value .* of the old ones' type; got "present.1.key"/,
    ],
    [
      'a ring of nodes',
      (g) => (g.node.find((n) => n.output[0] === 'x1')!.input[0] = 'y2'),
      /expected values that follow from the inputs; got a cycle/,
    ],
    ['a value made twice', (g) => void g.node.push(g.node[3]), /expected a new value; got/],
    [
      'heads that do not divide',
      (g) => [0, 1, 2].forEach((l) => attribute(g, 'kv_num_heads', 3n, l)),
      /a multiple of those for keys; got 4 and 3/,
    ],
    ['no heads for keys', (g) => attribute(g, 'kv_num_heads', 0n), /got 4 and 0/],
    ['heads without number', (g) => attribute(g, 'num_heads', 2n ** 62n), /expected heads, 1 to 4096/],
    [
      'heads that differ between layers',
      (g) => attribute(g, 'num_heads', 2n, 1),
      /layer 1: expected attention like layer 0's/,
    ],
    [
      'a head size of 2^40',
      (g) => size(g, 'past_key_values.0.key', 3, 2n ** 40n),
      /"past_key_values.0.key": expected sizes from 0 on/,
    ],
    ['a head size of 2^20', (g) => size(g, 'past_key_values.0.key', 3, 2n ** 20n), /a fixed head size of 1 to 4096/],
    ['a negative vocabulary', (g) => size(g, 'logits', 2, -5n), /"logits": expected sizes from 0 on/],
    [
      'a weight longer than its shape',
      (g) => (weight(g, 'cos').dims = [1n, 8n]),
      /weight "cos": expected 32 bytes for its shape \[1, 8\]; got 16384/,
    ],
    ['a negative size of a weight', (g) => (weight(g, 'cos').dims = [-1n, 8n]), /"cos": expected sizes from 0 on/],
    ['an offset below 0', apart({ offset: -8 }), /its offset as a whole number from 0 on; got "-8"/],
    ['an offset that is no number', apart({ offset: NaN }), /its offset as a whole number from 0 on; got "NaN"/],
    ['a length beyond every file', apart({ length: '9'.repeat(16) }), /its length as a whole number/],
    ['a data file without a name', apart({ location: '' }), /the name of the file that holds it; got none/],
    [
      'two data files of one name',
      (g) => {
        apart({ location: 'a/w.bin' })(g);
        apart({ location: 'b/w.bin' }, 'sin')(g);
      },
      /differ in their names, for a browser tells no folders; got "a\/w.bin", "b\/w.bin"/,
    ],
  ])('%s', (_, edit, words) => {
    expect(refusal(SHORT, edit)).toMatch(words);
  });

  it('a decoder of one layer, and one with too few positions', async () => {
    for (const [spec, words] of [
      [{ ...TINY, layers: 1 }, /two layers or more/],
      [{ ...SHORT, positions: 20 }, /positions for 38 tokens or more; got 20/],
    ] as const) {
      const files = [new File([tinyDecoder(spec).bytes], 'decoder.onnx')];
      expect(await new OwnModelService(foreignRuntime).open({ kind: 'files', files }, quiet)).toMatchObject({
        problem: { message: expect.stringMatching(words) },
      });
    }
  });
});

it.each(['q0', 'o1', 'logits'])('5,000 Identity nodes after %s are walked without a deep stack', (value) => {
  const bytes = editedDecoder(SHORT, (g) => {
    if (value !== 'logits') return lengthen(g, value, 5000);
    rename(g, 'logits', 'before');
    g.node.push(node('Identity', ['before'], ['logits']));
    g.output[0].name = 'logits';
    lengthen(g, 'before', 5000);
  });
  const { facts } = openModel([file(bytes)]);
  expect(facts).toMatchObject({ layers: 3, heads: 4, vocabulary: 50 });
  expect(rewritePyramidDrop(bytes, { cuts: [1, 2], positions: 'renumber', lastRowOnly: true }).cuts).toEqual([1, 2]);
});

describe('names of data files', () => {
  const spec = { ...SHORT, dataFile: 'données.bin'.normalize('NFC') };
  const { bytes, data } = tinyDecoder(spec);
  it('are the same in either Unicode form', () => {
    for (const form of ['NFC', 'NFD'])
      expect(openModel([file(bytes), file(data!.data, spec.dataFile.normalize(form))]).external[0].path).toBe(
        spec.dataFile,
      );
  });
  it('the only file that fits is offered, and used when the visitor says so', () => {
    const files = [file(bytes), file(data!.data, 'weights (1).bin')];
    let error: unknown;
    try {
      openModel(files);
    } catch (e) {
      error = e;
    }
    expect(error).toMatchObject({ offer: { needed: spec.dataFile, given: 'weights (1).bin' } });
    const { offer } = error as ModelFileError;
    expect(openModel(files, new Map([[offer!.needed, offer!.given]])).external).toEqual([
      { path: spec.dataFile, data: data!.data },
    ]);
    expect(() => openModel([file(bytes), file(data!.data.slice(0, 99), 'short.bin')])).toThrow(
      /Choose both files together/,
    );
    const twice = [...files, file(data!.data, 'other.bin')];
    expect(() => openModel(twice)).toThrow(/Choose both files together/);
  });
  it('two chosen files of one name are refused', () => {
    const twice = ['NFC', 'NFD'].map((form) => file(data!.data, spec.dataFile.normalize(form)));
    expect(() => openModel([file(bytes), ...twice])).toThrow(/the chosen files to differ in their names/);
  });
});
