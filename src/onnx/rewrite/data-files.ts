// Weights that a model keeps in other files: which files, how much of them, and whether what the visitor gave is enough.
import { TensorProto_DataLocation, type ModelProto } from 'onnx-buf';
import { ModelFileError } from './errors.ts';
import type { DataFile } from './session.ts';

/** A file that a model reads weights from. */
export interface NeededFile {
  path: string;
  /** At least this long. */ bytes: number;
  tensors: number;
}

export function neededFiles(model: ModelProto): NeededFile[] {
  const files = new Map<string, NeededFile>();
  for (const tensor of model.graph!.initializer) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const at = Object.fromEntries(tensor.externalData.map(({ key, value }) => [key, value]));
    const path = at.location ?? '';
    const file = files.get(path) ?? { path, bytes: 0, tensors: 0 };
    files.set(path, {
      path,
      tensors: file.tensors + 1,
      bytes: Math.max(file.bytes, Number(at.offset ?? 0) + Number(at.length ?? 0)),
    });
  }
  return [...files.values()];
}

const nameOf = (path: string) => path.split(/[\\/]/).at(-1)!;

/** The given files under the paths that the model knows them by. @throws ModelFileError that names what is missing or too short */
export function matchFiles(model: ModelProto, given: readonly DataFile[]): DataFile[] {
  return neededFiles(model).map(({ path, bytes, tensors }) => {
    const found = given.find((f) => nameOf(f.path) === nameOf(path));
    if (!found)
      throw new ModelFileError(
        `data file: expected "${nameOf(path)}", which holds ${tensors} of the model's weights (${bytes.toLocaleString('en')} bytes or more); got ${given.map((f) => `"${nameOf(f.path)}"`).join(', ') || 'the model alone'}. Choose both files together`,
      );
    if (found.data.length < bytes)
      throw new ModelFileError(
        `data file "${nameOf(path)}": expected ${bytes.toLocaleString('en')} bytes or more; got ${found.data.length.toLocaleString('en')}: it breaks off. Download it again`,
      );
    return { path, data: found.data };
  });
}
