import { readdir, readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DataError } from './data-error.ts';
import { fetchFromDisk } from './fetch-disk.ts';
import { dataFiles } from './files.ts';
import { openDataStore } from './store.ts';
import type { DataManifest, FetchBytes } from './types.ts';

const disk = fetchFromDisk('public');
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const failure = async (work: Promise<unknown>): Promise<DataError> => {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(DataError);
  return error as DataError;
};
/** Disk with some files replaced. */
const disguised =
  (files: Record<string, Uint8Array | Error>): FetchBytes =>
  async (path) => {
    const file = files[path];
    if (file instanceof Error) throw file;
    return file ?? disk(path);
  };
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('splits', () => {
  test('only the needed shards are fetched, each once', async () => {
    const fetched: string[] = [];
    const store = openDataStore((path) => {
      fetched.push(path);
      return disk(path);
    });
    await store.split('fashion', 'train', { rows: 3000 });
    expect(fetched).toEqual(['data/manifest.json', 'data/fashion/train-0.bin']);
    await store.split('fashion', 'train', { rows: 3001 });
    expect(fetched.slice(2)).toEqual(['data/fashion/train-1.bin']);
    await store.split('fashion', 'train', { rows: 100 });
    expect(fetched).toHaveLength(3);
  });

  test('values are the bytes divided by 255, and the prefix of a longer request', async () => {
    const store = openDataStore(disk);
    const some = await store.split('fashion', 'validation', { rows: 137 });
    const all = await store.split('fashion', 'validation');
    expect(some).toMatchObject({ rows: 137, shape: [1, 28, 28] });
    expect(all.rows).toBe(2000);
    expect(some.values).toEqual(all.values.slice(0, 137 * 784));
    expect(some.labels).toEqual(all.labels.slice(0, 137));
    expect(some.values.every((v) => v >= 0 && v <= 1 && Math.abs(v * 255 - Math.round(v * 255)) < 1e-4)).toBe(true);
    expect(some.values.some((v) => v > 0.9)).toBe(true);
  });

  test('size 14 holds the means of 2x2 blocks', async () => {
    const store = openDataStore(disk);
    const full = (await store.split('fashion', 'test', { rows: 3 })).values;
    const half = await store.split('fashion', 'test', { rows: 3, size: 14 });
    expect(half.shape).toEqual([1, 14, 14]);
    const row = 2;
    const y = 9;
    const x = 5;
    const at = row * 784 + 2 * y * 28 + 2 * x;
    const mean = (full[at] + full[at + 1] + full[at + 28] + full[at + 29]) / 4;
    expect(mean).toBeGreaterThan(0);
    expect(half.values[row * 196 + y * 14 + x]).toBeCloseTo(mean, 6);
  });

  test('the caller owns the array', async () => {
    const store = openDataStore(disk);
    (await store.split('fashion', 'test', { rows: 10 })).values.fill(7);
    expect(Math.max(...(await store.split('fashion', 'test', { rows: 10 })).values)).toBeLessThanOrEqual(1);
  });
});

describe('errors say what happened and what to do', () => {
  test('unknown set, unknown split', async () => {
    const store = openDataStore(disk);
    expect((await failure(store.split('cifar', 'train'))).message).toMatch(
      /Unknown data set "cifar".*Known are:.*fashion/,
    );
    expect((await failure(store.split('fashion', 'dev' as 'test'))).message).toMatch(
      /no split "dev".*train, validation, test/,
    );
  });

  test.each([0, -1, 1.5, NaN])('rows %s', async (rows) => {
    expect((await failure(openDataStore(disk).split('fashion', 'train', { rows }))).message).toMatch(
      /positive integer.*1 to 18000/,
    );
  });

  test('more rows than there are; a size that does not divide', async () => {
    const store = openDataStore(disk);
    expect((await failure(store.split('fashion', 'test', { rows: 5001 }))).message).toMatch(
      /has 5000 rows; 5001.*at most 5000/,
    );
    expect((await failure(store.split('fashion', 'test', { size: 13 }))).message).toMatch(
      /13 pixels.*Sizes are: 28, 14, 7/,
    );
  });

  test('missing file, and a second try succeeds once it is there', async () => {
    let gone = true;
    const store = openDataStore(async (path) => {
      if (gone && path.endsWith('.bin')) throw new Error('HTTP 404');
      return disk(path);
    });
    expect((await failure(store.split('fashion', 'test', { rows: 1 }))).message).toMatch(
      /test-0\.bin could not be read \(HTTP 404\).*try again/,
    );
    gone = false;
    expect((await store.split('fashion', 'test', { rows: 1 })).rows).toBe(1);
  });

  test('a file of the wrong length, and one with a flipped bit', async () => {
    const bytes = new Uint8Array(await readFile('public/data/fashion/test-0.bin'));
    const short = openDataStore(disguised({ 'data/fashion/test-0.bin': bytes.slice(1) }));
    expect((await failure(short.split('fashion', 'test', { rows: 1 }))).message).toMatch(/bytes instead of/);
    const flipped = bytes.slice();
    flipped[5000] ^= 1;
    const bad = openDataStore(disguised({ 'data/fashion/test-0.bin': flipped }));
    expect((await failure(bad.split('fashion', 'test', { rows: 1 }))).message).toMatch(
      /not the file that its manifest describes/,
    );
  });

  test('a wrong answer is asked for once more, past every cache, and only then an error', async () => {
    const asked: [string, boolean][] = [];
    const cached =
      (path: string, wrong: Uint8Array): FetchBytes =>
      async (wanted, isFresh = false) => {
        if (wanted === path) asked.push([wanted, isFresh]);
        return wanted === path && !isFresh ? wrong : disk(wanted);
      };
    const login = new TextEncoder().encode('<!doctype html>');
    for (const path of ['data/manifest.json', 'data/fashion/test-0.bin']) {
      asked.length = 0;
      const store = openDataStore(cached(path, login));
      expect((await store.split('fashion', 'test', { rows: 1 })).rows).toBe(1);
      expect(asked).toEqual([
        [path, false],
        [path, true],
      ]);
    }
  });

  test('a manifest that is a page, or of the future', async () => {
    const page = openDataStore(disguised({ 'data/manifest.json': new TextEncoder().encode('<!doctype html>') }));
    expect((await failure(page.split('fashion', 'test'))).message).toMatch(/manifest\.json is not JSON/);
    const future = openDataStore(disguised({ 'data/manifest.json': json({ version: 2 }) }));
    expect((await failure(future.split('fashion', 'test'))).message).toMatch(/version 2; this page reads version 1/);
  });
});

test('without crypto.subtle the hash is skipped, told once, and sizes still count', async () => {
  vi.stubGlobal('crypto', {});
  const told: string[] = [];
  const store = openDataStore(disk, { notice: (text) => told.push(text) });
  await store.split('fashion', 'test');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/https/);
});

describe('file', () => {
  test('a listed data file comes as it is', async () => {
    const bytes = await openDataStore(disk).file('data/fashion/validation-0.bin');
    expect(Buffer.compare(bytes, await readFile('public/data/fashion/validation-0.bin'))).toBe(0);
  });

  test('a model is checked against public/models/manifest.json', async () => {
    const model = Uint8Array.of(1, 2, 3);
    const sha256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';
    const manifest = (hash: string) => json({ version: 1, models: [{ file: 'tiny.onnx', bytes: 3, sha256: hash }] });
    const good = openDataStore(disguised({ 'models/manifest.json': manifest(sha256), 'models/tiny.onnx': model }));
    expect(await good.file('models/tiny.onnx')).toEqual(model);
    expect((await failure(good.file('models/other.onnx'))).message).toMatch(
      /not listed in models\/manifest\.json.*models\/tiny\.onnx/,
    );
    const wrong = openDataStore(
      disguised({ 'models/manifest.json': manifest('0'.repeat(64)), 'models/tiny.onnx': model }),
    );
    expect((await failure(wrong.file('models/tiny.onnx'))).message).toMatch(/sha256 039058c6f2c0/);
  });

  test('no models shipped; a path elsewhere', async () => {
    const store = openDataStore(disguised({ 'models/manifest.json': new Error('HTTP 404') }));
    expect((await failure(store.file('models/a.onnx'))).message).toMatch(/models\/manifest\.json could not be read/);
    expect((await failure(store.file('../package.json'))).message).toMatch(/Paths start with models\/ or data\//);
  });
});

test('every listed file exists with its length and hash, and says where it comes from', async () => {
  const manifest = JSON.parse(await readFile('public/data/manifest.json', 'utf8')) as DataManifest;
  const store = openDataStore(disk);
  for (const set of manifest.datasets) {
    expect(set.source && set.homepage && set.build).toBeTruthy();
    const licences =
      set.kind === 'emoji' ? [...set.licences, ...set.styles.map((style) => style.licence)] : set.licences;
    for (const licence of licences)
      expect((await readFile(`public/data/${licence.text}`, 'utf8')).length).toBeGreaterThan(500);
  }
  const files = dataFiles(manifest);
  expect(files.length).toBeGreaterThan(40);
  for (const { file } of files) await store.file(`data/${file}`);
  const packaged = (await readdir('public/data', { recursive: true })).filter((file) => /\.(bin|json)$/.test(file));
  expect(packaged.sort()).toEqual([...files.map((entry) => entry.file), 'manifest.json'].sort());
});
