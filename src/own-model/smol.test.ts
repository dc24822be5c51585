// SmolVLM's layout, tokens and download, without a network: a stand-in with files of the same kinds.
import { Tokenizer } from '@huggingface/tokenizers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeSmol, listing } from './testing/fake-smol.ts';
import { forgetSmolFiles, SMOL, smolFiles } from './smol-files.ts';
import { planes } from './smol-picture.ts';
import { keptImageTokens, placeOfToken, promptText, tileCount, tilingOf } from './smol-prompt.ts';

const quiet = { onBytes: () => undefined, check: () => undefined };
/** Serves the stand-in; `change` may spoil what is sent. */
function serve(change: (path: string, data: Uint8Array) => Uint8Array = (_, data) => data): string[] {
  const files = fakeSmol();
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const list = url.match(/\/tree\/[0-9a-f]{40}\/?(.*)$/);
    const path = url.split(`/resolve/${SMOL.revision}/`)[1];
    if (list) return Response.json(listing(files, list[1]));
    const data = files.get(path);
    return data ? new Response(change(path, data) as Uint8Array<ArrayBuffer>) : new Response(null, { status: 404 });
  });
  return asked;
}
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('layout', () => {
  it("makes tiles as the model's processor does", () => {
    expect(tilingOf(1000, 1000)).toEqual({ rows: 4, columns: 4 });
    expect(tilingOf(4000, 3000)).toEqual({ rows: 3, columns: 4 });
    expect(tilingOf(3000, 4000)).toEqual({ rows: 4, columns: 3 });
    expect(tilingOf(1600, 400)).toEqual({ rows: 1, columns: 4 });
    expect(tilingOf(9000, 100)).toEqual({ rows: 1, columns: 4 });
    expect(tilingOf(300, 300, 512)).toEqual({ rows: 0, columns: 0 });
    expect(tileCount(tilingOf(1000, 1000)) * 64).toBe(1088);
  });
  it('writes the prompt out', () => {
    const one = promptText('  What? ', { rows: 0, columns: 0 });
    expect(one).toBe(
      `<|im_start|>User:<fake_token_around_image><global-img>${'<image>'.repeat(64)}<fake_token_around_image>What?<end_of_utterance>\nAssistant:`,
    );
    const four = promptText('What?', { rows: 2, columns: 2 }).replaceAll('<image>'.repeat(64), '#');
    expect(four).toBe(
      '<|im_start|>User:<fake_token_around_image><row_1_col_1>#<fake_token_around_image><row_1_col_2>#\n<fake_token_around_image><row_2_col_1>#<fake_token_around_image><row_2_col_2>#\n\n<fake_token_around_image><global-img>#<fake_token_around_image>What?<end_of_utterance>\nAssistant:',
    );
  });
  it('follows image tokens through the cuts', () => {
    const isImage = [false, true, true, true, false, true, false];
    expect(
      keptImageTokens(isImage, [
        [0, 1, 3, 4, 5, 6],
        [0, 2, 3, 5],
      ]),
    ).toEqual([[0, 2, 3], [2]]);
    expect(placeOfToken(64 + 17)).toEqual({ tile: 1, x: 1, y: 2 });
  });
  it('brings pixels to -1..1, plane by plane', () =>
    expect([...planes([0, 255, 127.5, 255, 255, 0, 0, 255])]).toEqual([-1, 1, 1, -1, 0, -1]));
});

describe('the tokeniser', () => {
  it('keeps image tokens whole and gives the text back', () => {
    const files = fakeSmol();
    const parse = (path: string) => JSON.parse(new TextDecoder().decode(files.get(path)!)) as object;
    const t = new Tokenizer(parse('tokenizer.json'), parse('tokenizer_config.json'));
    const { ids } = t.encode(promptText('What is it? 42 é', { rows: 2, columns: 2 }), { add_special_tokens: false });
    expect(ids.filter((id) => id === t.token_to_id('<image>'))).toHaveLength(5 * 64);
    expect(t.decode(ids, { skip_special_tokens: true })).toBe('User:\n\n\nWhat is it? 42 é\nAssistant:');
  });
});

describe('the download', () => {
  it('asks for one fixed revision, reports progress, and checks every large file', async () => {
    const asked = serve();
    const told: number[] = [];
    const { files, facts } = await smolFiles('single', { ...quiet, onBytes: (done, total) => told.push(done / total) });
    expect(asked.every((url) => url.startsWith('https://huggingface.co/') && url.includes(SMOL.revision))).toBe(true);
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(facts.map((f) => f.agrees)).toEqual([true, true, true, null, null]);
    expect(files.decoder.length).toBe(facts[0].bytes);
  });
  it('refuses what was changed or broke off, names it, and can be stopped', async () => {
    serve((path, data) => {
      if (!path.includes('decoder')) return data;
      const copy = data.slice();
      copy[99] ^= 1;
      return copy;
    });
    await expect(smolFiles('half', quiet)).rejects.toThrow(
      /decoder_model_merged_q4f16\.onnx: expected sha256 [0-9a-f]{64}; got [0-9a-f]{64}.*try again/,
    );
    serve((_, data) => data.subarray(0, data.length / 2));
    await expect(smolFiles('half', quiet)).rejects.toThrow(/broke off/);
    serve();
    await expect(
      smolFiles('half', {
        ...quiet,
        check: () => {
          throw new Error('stopped');
        },
      }),
    ).rejects.toThrow('stopped');
    vi.stubGlobal('fetch', async () => new Response(null, { status: 401 }));
    await expect(smolFiles('half', quiet)).rejects.toThrow(/status 401/);
  });
  it('keeps files, needs no network for them again, and forgets them when told', async () => {
    const store = new Map<string, Uint8Array<ArrayBuffer>>();
    vi.stubGlobal('caches', {
      open: async () => ({
        match: async (url: string) => (store.has(url) ? new Response(store.get(url)) : undefined),
        put: async (url: string, r: Response) => {
          store.set(url, new Uint8Array(await r.arrayBuffer()));
        },
        delete: async (url: string) => store.delete(url),
      }),
      delete: async () => store.clear(),
    });
    serve();
    await smolFiles('single', quiet);
    expect(store.size).toBe(5);
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('offline');
    });
    expect((await smolFiles('single', quiet)).facts).toHaveLength(5);
    await forgetSmolFiles();
    await expect(smolFiles('single', quiet)).rejects.toThrow(/could not be reached/);
  });
});
