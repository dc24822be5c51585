// From files to a decoder that can be compared: reads them, says what they are, and opens the plain and the rewritten session.
import { DecoderDriver } from '../onnx/rewrite/decoder-driver.ts';
import { factsOf, type DecoderFacts } from '../onnx/rewrite/decoder-facts.ts';
import { portsOf, type DecoderPorts } from '../onnx/rewrite/decoder-ports.ts';
import { matchFiles } from '../onnx/rewrite/data-files.ts';
import { ModelFileError, showHistogram } from '../onnx/rewrite/errors.ts';
import { matchDecoder } from '../onnx/rewrite/match-decoder.ts';
import { readModel } from '../onnx/rewrite/model-file.ts';
import { plainDecoder, rewritePyramidDrop, type Positions } from '../onnx/rewrite/pyramid-drop.ts';
import type { DataFile, ForeignBackend, ForeignRuntime } from '../onnx/rewrite/session.ts';
import type { FileFacts, OpenedFacts } from './protocol.ts';

/** What one tab can hold, with a copy in the engine beside the file. */
const MOST_BYTES = 1.9e9;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** Files as bytes. @throws ModelFileError when they are too large for a tab or cannot be read */
export async function readFiles(files: readonly File[], onFile: (name: string) => void): Promise<DataFile[]> {
  const total = files.reduce((sum, f) => sum + f.size, 0);
  const out: DataFile[] = [];
  if (total > MOST_BYTES)
    throw new ModelFileError(
      `files: expected at most ${gigabytes(MOST_BYTES)}, which is what a tab can hold; got ${gigabytes(total)}. Choose a smaller model, or one with 4-bit weights`,
    );
  for (const file of files) {
    onFile(file.name);
    const buffer = await file.arrayBuffer().catch((error: Error) => {
      throw new ModelFileError(
        `"${file.name}" could not be read (${error.message}). Close other tabs if memory is short, and choose the file again`,
      );
    });
    out.push({ path: file.name, data: new Uint8Array(buffer) });
  }
  return out;
}

export async function sha256(data: Uint8Array): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
}
export const fileFacts = (files: readonly DataFile[]): Promise<FileFacts[]> =>
  Promise.all(files.map(async ({ path, data }) => ({ name: path, bytes: data.length, sha256: await sha256(data) })));

/** A decoder that was read and understood, not yet running. */
export interface OpenedModel {
  original: Uint8Array;
  external: DataFile[];
  facts: DecoderFacts;
  ports: DecoderPorts;
}

/** The one model among files: what ends in .onnx, or the only file. */
function modelAmong(files: readonly DataFile[]): DataFile {
  const models = files.length === 1 ? files : files.filter((f) => /\.onnx$/i.test(f.path));
  if (models.length !== 1)
    throw new ModelFileError(
      `files: expected one .onnx file, and beside it the data files that it names; got ${files.map((f) => `"${f.path}"`).join(', ')}`,
    );
  return models[0];
}

/** `renamed`: as `matchFiles` takes it. @throws ModelFileError, MatchError */
export function openModel(files: readonly DataFile[], renamed?: ReadonlyMap<string, string>): OpenedModel {
  const main = modelAmong(files);
  const model = readModel(main.data);
  const decoder = matchDecoder(model);
  const ports = portsOf(model, decoder);
  const facts = factsOf(model, decoder, ports);
  return {
    original: main.data,
    external: matchFiles(
      model,
      files.filter((f) => f !== main),
      renamed,
    ),
    facts,
    ports,
  };
}
export function describe({ facts: { histogram, ...facts }, ports }: OpenedModel, files: FileFacts[]): OpenedFacts {
  return { ...facts, files, operators: showHistogram(histogram), takes: ports.stream.kind };
}

/** The file as it is, and the same with drops before `cuts`; both compute logits for the last token alone. */
export interface Pair {
  full: DecoderDriver;
  pdrop: DecoderDriver;
  backend: ForeignBackend;
  dispose(): Promise<void>;
}

export async function openPair(
  runtime: ForeignRuntime,
  { original, external, facts, ports }: OpenedModel,
  cuts: readonly number[],
  positions: Positions,
  backend: ForeignBackend,
): Promise<Pair> {
  const plain = plainDecoder(original, { lastRowOnly: true });
  const rewritten = rewritePyramidDrop(original, { cuts, positions, lastRowOnly: true });
  const stay = ports.caches.flatMap((c) => c.present);
  const open = ({ bytes, external: own }: typeof plain) =>
    runtime.open({ bytes, external: [own, ...external] }, backend, stay);
  const full = new DecoderDriver(await open(plain), ports, facts, null);
  try {
    const pdrop = new DecoderDriver(await open(rewritten), ports, facts, rewritten);
    return {
      full,
      pdrop,
      backend,
      dispose: async () => {
        await full.dispose();
        await pdrop.dispose();
      },
    };
  } catch (error) {
    await full.dispose();
    throw error;
  }
}
