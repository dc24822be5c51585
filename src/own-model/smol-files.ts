// SmolVLM-256M-Instruct on Hugging Face: which files of which revision, fetched once, checked against the sums that the host
// states, and kept in the browser. Nothing here runs before the visitor has agreed.
import { ModelFileError } from '../onnx/rewrite/errors.ts';
import { sha256 } from './open-model.ts';

export const SMOL = {
  name: 'SmolVLM-256M-Instruct',
  owner: 'HuggingFaceTB',
  licence: 'Apache 2.0',
  page: 'https://huggingface.co/HuggingFaceTB/SmolVLM-256M-Instruct',
  /** A fixed state of the repository: its files cannot change under us. */
  revision: 'acc054744d60adea9d88214dab6e2219e6e512a7',
} as const;
export type Precision = 'half' | 'single';
type Role = 'decoder' | 'embed' | 'vision' | 'tokenizer' | 'tokenizerConfig';
export type SmolFiles = Record<Role, Uint8Array>;

/** Half precision needs a GPU that has it; the other set is larger in the decoder and smaller in the embedding table. */
export const PARTS: Record<Precision, { files: Record<Role, string>; megabytes: number }> = {
  half: {
    megabytes: 193,
    files: {
      decoder: 'onnx/decoder_model_merged_q4f16.onnx',
      embed: 'onnx/embed_tokens_fp16.onnx',
      vision: 'onnx/vision_encoder_q4f16.onnx',
      tokenizer: 'tokenizer.json',
      tokenizerConfig: 'tokenizer_config.json',
    },
  },
  single: {
    megabytes: 186,
    files: {
      decoder: 'onnx/decoder_model_merged_q4.onnx',
      embed: 'onnx/embed_tokens_int8.onnx',
      vision: 'onnx/vision_encoder_q4.onnx',
      tokenizer: 'tokenizer.json',
      tokenizerConfig: 'tokenizer_config.json',
    },
  },
};

/** Caches of this name survive updates of the page (src/app/offline/service-worker.ts). */
const CACHE = 'visitor-models';
const fileUrl = (path: string) => `${SMOL.page}/resolve/${SMOL.revision}/${path}`;
const listUrl = (folder: string) =>
  `https://huggingface.co/api/models/${SMOL.owner}/${SMOL.name}/tree/${SMOL.revision}${folder}`;

interface Stated {
  path: string;
  size: number;
  lfs?: { oid: string; size: number };
}
/** What the host says of its files: size, and the sha256 of large ones. */
async function statedFiles(): Promise<Map<string, { size: number; sha256: string | null }>> {
  const lists = await Promise.all(
    ['', '/onnx'].map(async (folder) => (await request(listUrl(folder))).json() as Promise<Stated[]>),
  );
  return new Map(
    lists.flat().map(({ path, size, lfs }) => [path, { size: lfs?.size ?? size, sha256: lfs?.oid ?? null }]),
  );
}
async function request(url: string): Promise<Response> {
  const response = await fetch(url).catch((error: Error) => {
    throw new ModelFileError(
      `${new URL(url).host} could not be reached (${error.message}). Check the connection and try again`,
    );
  });
  if (!response.ok)
    throw new ModelFileError(
      `${url}: expected the file; got status ${response.status}. The host may have moved it; a file downloaded by hand can be chosen above`,
    );
  return response;
}

export interface Download {
  onBytes(done: number, total: number, file: string): void;
  check(): void;
}

async function body(
  response: Response,
  size: number,
  told: (bytes: number) => void,
  check: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  const reader = response.body!.getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    try {
      check();
    } catch (stop) {
      await reader.cancel();
      throw stop;
    }
    parts.push(value);
    length += value.length;
    told(length);
  }
  if (length !== size)
    throw new ModelFileError(
      `${response.url}: expected ${size.toLocaleString('en')} bytes; got ${length.toLocaleString('en')}. The download broke off: try again`,
    );
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** All files of a set, from the cache where they are there and whole, else from the host. @throws ModelFileError */
export async function smolFiles(
  precision: Precision,
  { onBytes, check }: Download,
): Promise<{
  files: SmolFiles;
  facts: { name: string; bytes: number; sha256: string | null; agrees: boolean | null }[];
}> {
  const cache = await globalThis.caches?.open(CACHE).catch(() => null);
  const wanted = Object.entries(PARTS[precision].files) as [Role, string][];
  const kept = new Map<string, Uint8Array>();
  for (const [, path] of wanted) {
    const hit = await cache?.match(fileUrl(path));
    if (hit) kept.set(path, new Uint8Array(await hit.arrayBuffer()));
  }
  const stated = await statedFiles().catch((error) => {
    if (kept.size === wanted.length) return null;
    throw error;
  }); // offline, with everything in the cache
  const total = wanted.reduce((sum, [, path]) => sum + (stated?.get(path)?.size ?? 0), 0);
  const files = {} as SmolFiles;
  const facts = [];
  let before = 0;
  for (const [role, path] of wanted) {
    const said = stated?.get(path);
    const known = kept.get(path);
    if (stated && !said)
      throw new ModelFileError(
        `${SMOL.name}: expected "${path}" in revision ${SMOL.revision.slice(0, 7)}; the host lists no such file`,
      );
    const isWhole = known && (!said || known.length === said.size);
    const data = isWhole
      ? known
      : await body(await request(fileUrl(path)), said!.size, (bytes) => onBytes(before + bytes, total, path), check);
    const sum = await sha256(data);
    const agrees = said?.sha256 && sum ? sum === said.sha256 : null;
    if (agrees === false) {
      await cache?.delete(fileUrl(path));
      throw new ModelFileError(
        `${path}: expected sha256 ${said!.sha256}; got ${sum}. The file was damaged on the way and is not kept: try again`,
      );
    }
    if (!isWhole) await cache?.put(fileUrl(path), new Response(data as Uint8Array<ArrayBuffer>)).catch(() => undefined); // no room costs the copy, not the model
    files[role] = data as Uint8Array;
    facts.push({ name: path, bytes: data.length, sha256: sum, agrees });
    before += data.length;
    onBytes(before, total || before, path);
  }
  return { files, facts };
}
/** Removes what was kept. */
export const forgetSmolFiles = async (): Promise<void> => {
  await globalThis.caches?.delete(CACHE);
};
