// Reading a foreign ONNX file without copying its weights, and writing a small file that points into the untouched original.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataLocation, type ModelProto } from 'onnx-buf';
import { checkModel } from './check-model.ts';
import { ModelFileError } from './errors.ts';
import { placeEntries } from './proto.ts';

/** Beginnings of files that people take for ONNX models. */
const LOOKALIKES: [start: string, what: string][] = [
  ['<', 'a web page (HTML or XML)'],
  ['PK', 'a zip archive'],
  ['version https://git-lfs', 'a git-lfs pointer instead of the file it stands for'],
  ['GGUF', 'a GGUF model'],
  ['{', 'JSON'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['%PDF', 'a PDF document'],
];
function lookalike(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 32)).trimStart();
  if (String.fromCharCode(...bytes.subarray(8, 10)) === '{"') return 'a safetensors file';
  return LOOKALIKES.find(([sign]) => start.startsWith(sign))?.[1];
}
const bad = (got: string) => new ModelFileError(`ONNX file: expected a whole ONNX model; got ${got}`);

/** The model in `bytes`, its nodes in order. Weights stay views of `bytes`. @throws ModelFileError for anything but a whole, sane ONNX model. */
export function readModel(bytes: Uint8Array): ModelProto {
  const what = bytes.length === 0 ? 'an empty file' : lookalike(bytes);
  if (what) throw bad(what);
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw bad(
      `${bytes.length.toLocaleString('en')} bytes that break off or are no protobuf (${(error as Error).message}). If it was downloaded, download it again`,
    );
  }
  if (!model.graph?.node.length) throw bad(`${bytes.length.toLocaleString('en')} bytes without a graph`);
  if (!model.opsetImport.length)
    throw bad('a model without operator sets: the file breaks off after its graph. Download it again');
  checkModel(model);
  return model;
}

/** Weights at least this large are left in the original file, in bytes. */
const SMALLEST_EXTERNAL = 128;

/**
 * Replaces the raw data of large weights that lie within `original` by references to their place in it.
 * @returns how many weights and bytes are referred to
 */
export function pointInto(model: ModelProto, original: Uint8Array, path: string): { tensors: number; bytes: number } {
  const count = { tensors: 0, bytes: 0 };
  for (const tensor of model.graph!.initializer) {
    const { rawData } = tensor;
    const length = rawData.byteLength;
    const offset = rawData.byteOffset - original.byteOffset;
    if (length < SMALLEST_EXTERNAL || rawData.buffer !== original.buffer || offset < 0) continue;
    tensor.rawData = new Uint8Array();
    delete (tensor as Partial<typeof tensor>).rawData;
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.externalData = placeEntries({ location: path, offset, length });
    count.tensors++;
    count.bytes += length;
  }
  return count;
}

export const writeModel = (model: ModelProto): Uint8Array<ArrayBuffer> =>
  toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
