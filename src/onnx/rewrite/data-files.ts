// Weights that a model keeps in other files: which files, how much of them, and whether what the visitor gave is enough.
import { TensorProto_DataLocation, type ModelProto } from 'onnx-buf';
import { placeOf } from './check-model.ts';
import { ModelFileError } from './errors.ts';
import type { DataFile } from './session.ts';

/** A file that a model reads weights from. */
export interface NeededFile {
  path: string;
  /** At least this long. */ bytes: number;
  tensors: number;
}

/** @throws ModelFileError for places that make no sense */
export function neededFiles(model: ModelProto): NeededFile[] {
  const files = new Map<string, NeededFile>();
  for (const tensor of model.graph!.initializer) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const { path, offset, length, needed } = placeOf(tensor);
    const file = files.get(path) ?? { path, bytes: 0, tensors: 0 };
    files.set(path, {
      path,
      tensors: file.tensors + 1,
      bytes: Math.max(file.bytes, offset + (length ?? needed)),
    });
  }
  return [...files.values()];
}

/** A file's name without folders, in one Unicode form: systems write accented letters in one code or in two. */
const nameOf = (path: string) => path.split(/[\\/]/).at(-1)!.normalize('NFC');
const listed = (files: readonly { path: string }[]) => files.map((f) => `"${nameOf(f.path)}"`).join(', ');

/** A browser gives names without folders. @throws ModelFileError for two files that then have one name */
function checkNames(files: readonly { path: string }[], whose: string): void {
  const twice = files.find((f, i) => files.findIndex((g) => nameOf(g.path) === nameOf(f.path)) !== i);
  if (twice)
    throw new ModelFileError(
      `data files: expected ${whose} to differ in their names, for a browser tells no folders; got ${files.map((f) => `"${f.path}"`).join(', ')}`,
    );
}

/**
 * The given files under the paths that the model knows them by. `renamed`: needed name -> given name, where the visitor said so.
 * @throws ModelFileError that names what is missing or too short, and offers the only file that could be meant
 */
export function matchFiles(
  model: ModelProto,
  given: readonly DataFile[],
  renamed: ReadonlyMap<string, string> = new Map(),
): DataFile[] {
  const needed = neededFiles(model);
  checkNames(needed, "the model's data files");
  checkNames(given, 'the chosen files');
  return needed.map((file) => {
    const name = nameOf(file.path);
    const found = given.find((f) => nameOf(f.path) === (renamed.get(name) ?? name));
    if (!found) throw missing(file, needed, given);
    if (found.data.length < file.bytes)
      throw new ModelFileError(
        `data file "${nameOf(found.path)}": expected ${file.bytes.toLocaleString('en')} bytes or more; got ${found.data.length.toLocaleString('en')}: it breaks off. Download it again`,
      );
    return { path: file.path, data: found.data };
  });
}

function missing(
  { path, tensors, bytes }: NeededFile,
  needed: readonly NeededFile[],
  given: readonly DataFile[],
): ModelFileError {
  const isTaken = (f: DataFile) => needed.some((n) => nameOf(n.path) === nameOf(f.path));
  const fitting = given.filter((f) => !isTaken(f) && f.data.length >= bytes);
  const offer = fitting.length === 1 ? { needed: nameOf(path), given: nameOf(fitting[0].path) } : undefined;
  return new ModelFileError(
    `data file: expected "${nameOf(path)}", which holds ${tensors} of the model's weights (${bytes.toLocaleString('en')} bytes or more); got ${listed(given) || 'the model alone'}. ${
      offer
        ? `"${offer.given}" is long enough: if it is this file under another name, use it`
        : 'Choose both files together'
    }`,
    offer,
  );
}
