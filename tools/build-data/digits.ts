// Handwritten digits of 8 by 8 pixels: all 1,797 rows of scikit-learn's copy, in a seeded, class-balanced split.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { LabelledDataset, Localised, SplitName } from '../../src/data/types.ts';
import { prng } from '../../src/util/prng.ts';
import type { Built } from './built.ts';
import { fileEntry, gzip, shardContent } from './shard-file.ts';

const PACKAGE = 'python3-sklearn';
const CSV = 'usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz';
const COPYRIGHT = `usr/share/doc/${PACKAGE}/copyright`;
const SIDE = 8;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
/** Rows of each class in validation and test; the rest trains. */
const PER_CLASS = { test: 40, validation: 20 };

const run = promisify(execFile);

interface Originals {
  /** [rows, 64], 0..16 */
  pixels: Uint8Array;
  labels: Uint8Array;
  copyright: Uint8Array;
}

/** The files of the installed package or, where it is not installed, of the package fetched and unpacked in a temporary folder. */
async function readOriginals(): Promise<Originals> {
  if (existsSync(`/${CSV}`)) return readFrom('/');
  const folder = await mkdtemp(join(tmpdir(), 'digits-'));
  try {
    await run('apt-get', ['download', PACKAGE], { cwd: folder });
    const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
    await run('dpkg-deb', ['-x', archive, 'unpacked'], { cwd: folder });
    return await readFrom(join(folder, 'unpacked'));
  } catch (error) {
    throw new Error(
      `build-data: /${CSV} is missing and could not be fetched; install it with: apt-get install ${PACKAGE}`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readFrom(root: string): Promise<Originals> {
  const text = gunzipSync(await readFile(join(root, CSV))).toString('ascii');
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  return {
    pixels: Uint8Array.from(rows.flatMap((row) => row.slice(0, PIXELS))),
    labels: Uint8Array.from(rows, (row) => row[PIXELS]),
    copyright: await readFile(join(root, COPYRIGHT)),
  };
}

/** Rows of each split, in order: blocks of ten that hold every class once, then what is left of the larger classes. */
export function splitDigits(labels: Uint8Array): Record<SplitName, number[]> {
  const pools = Array.from({ length: CLASSES }, (_, label) => {
    const rows = Array.from(labels, (_l, row) => row).filter((row) => labels[row] === label);
    return Array.from(prng('digits', 'class', label).permutation(rows.length), (i) => rows[i]);
  });
  const held = PER_CLASS.test + PER_CLASS.validation;
  return {
    test: inBlocks(
      pools.map((rows) => rows.slice(0, PER_CLASS.test)),
      'test',
    ),
    validation: inBlocks(
      pools.map((rows) => rows.slice(PER_CLASS.test, held)),
      'validation',
    ),
    train: inBlocks(
      pools.map((rows) => rows.slice(held)),
      'train',
    ),
  };
}

function inBlocks(pools: number[][], name: string): number[] {
  const random = prng('digits', name);
  const blocks = Math.max(...pools.map((rows) => rows.length));
  return Array.from({ length: blocks }, (_, block) =>
    Array.from(random.permutation(CLASSES), (label) => pools[label].slice(block, block + 1)).flat(),
  ).flat();
}

export async function buildDigits(): Promise<Built> {
  const { pixels, labels, copyright } = await readOriginals();
  const files = new Map<string, Uint8Array>([['digits/LICENCE.txt', copyright]]);
  const split = splitDigits(labels);
  const write = (name: SplitName): LabelledDataset['splits'][SplitName] => {
    const order = split[name];
    const file = `digits/${name}.bin`;
    const images = order.flatMap((row) => Array.from(pixels.subarray(row * PIXELS, (row + 1) * PIXELS), toByte));
    const bytes = gzip(
      shardContent(
        Uint8Array.from(order, (row) => labels[row]),
        Uint8Array.from(images),
        { rows: order.length, channels: 1, height: SIDE, width: SIDE },
      ),
    );
    files.set(file, bytes);
    return { rows: order.length, shards: [{ ...fileEntry(file, bytes), rows: order.length }] };
  };
  return {
    dataset: describe({ train: write('train'), validation: write('validation'), test: write('test') }),
    files,
  };
}

/** 0..16 -> 0..255 */
const toByte = (value: number): number => Math.round((value * 255) / 16);

const CLASS_NAMES: Localised[] = Array.from('零一二三四五六七八九', (zh, digit) => ({ en: String(digit), zh }));

const describe = (splits: LabelledDataset['splits']): LabelledDataset => ({
  id: 'digits',
  kind: 'labelled-images',
  title: { en: 'Handwritten digits', zh: '手写数字' },
  description: {
    en: 'Grey pictures of the digits 0 to 9 by 13 writers, 8 by 8 pixels of 17 levels.',
    zh: '13 人手写的数字 0 到 9 的灰度图片，8×8 像素，17 级灰度。',
  },
  source: 'Debian package python3-sklearn 1.2.1+dfsg-1, sklearn/datasets/data/digits.csv.gz',
  homepage: 'https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits',
  licences: [{ id: 'BSD-3-Clause', holder: '2007-2019 Scikit-Learn Developers', text: 'digits/LICENCE.txt' }],
  build: 'npm run build-data -- digits',
  notes: [
    'Collected by E. Alpaydin and C. Kaynak (1998); these are the 1,797 test images of the set in the UCI Machine Learning Repository, as scikit-learn ships them.',
    'Test takes 40 and validation 20 images of each class by a fixed seed, training all others; a writer may be in several splits.',
    'Rows are shuffled by a fixed seed; every ten consecutive rows hold each class once, but for the last 57 of training, where the smaller classes have run out.',
    'Levels 0 to 16 are kept as bytes, 0 to 255; round(16 x) of a value x in 0..1 gives them back.',
  ],
  shape: [1, SIDE, SIDE],
  classes: CLASS_NAMES,
  splits,
});
