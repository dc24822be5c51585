// Fashion-MNIST: a class-balanced, seeded part of Debian's dataset-fashion-mnist, without exact duplicates, in shards.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { LabelledDataset, Localised, ShardEntry, SplitName } from '../../src/data/types.ts';
import { prng } from '../../src/util/prng.ts';
import type { Built } from './built.ts';
import { fileEntry, gzip, shardContent } from './shard-file.ts';

export const SOURCE_FOLDER = '/usr/share/datasets/fashion-mnist';
const LICENCE_FILE = '/usr/share/doc/dataset-fashion-mnist/copyright';
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;

/** Rows of each split and of its shards; `from` is the original file that it is drawn from. */
const PLAN: Record<SplitName, { from: 'train' | 't10k'; rows: number; shardRows: number }> = {
  train: { from: 'train', rows: 18000, shardRows: 3000 },
  validation: { from: 'train', rows: 2000, shardRows: 2000 },
  test: { from: 't10k', rows: 5000, shardRows: 2500 },
};

const CLASS_NAMES: Localised[] = [
  ['T-shirt/top', 'T恤/上衣'],
  ['Trouser', '裤子'],
  ['Pullover', '套头衫'],
  ['Dress', '连衣裙'],
  ['Coat', '外套'],
  ['Sandal', '凉鞋'],
  ['Shirt', '衬衫'],
  ['Sneaker', '运动鞋'],
  ['Bag', '包'],
  ['Ankle boot', '短靴'],
].map(([en, zh]) => ({ en, zh }));

interface Originals {
  images: Uint8Array;
  labels: Uint8Array;
}

/** @throws Error that says how to get the originals. */
async function readOriginals(part: 'train' | 't10k'): Promise<Originals> {
  if (!existsSync(SOURCE_FOLDER))
    throw new Error(`build-data: ${SOURCE_FOLDER} is missing; install it with: apt-get install dataset-fashion-mnist`);
  const unzip = async (name: string) => gunzipSync(await readFile(`${SOURCE_FOLDER}/${part}-${name}-ubyte.gz`));
  return { images: (await unzip('images-idx3')).subarray(16), labels: (await unzip('labels-idx1')).subarray(8) };
}

const imageOf = (from: Originals, row: number): Uint8Array => from.images.subarray(row * PIXELS, (row + 1) * PIXELS);

/** Rows per class whose image occurs in no earlier row and not in `seen`; `seen` grows. */
function uniqueRowsByClass(from: Originals, seen: Set<string>): number[][] {
  const byClass: number[][] = Array.from({ length: CLASSES }, () => []);
  from.labels.forEach((label, row) => {
    const hash = createHash('sha256').update(imageOf(from, row)).digest('base64');
    if (!seen.has(hash)) byClass[label].push(row);
    seen.add(hash);
  });
  return byClass;
}

/** The rows of a split in order: blocks of ten, each with every class once in random order. */
function balancedOrder(pools: number[][], rows: number, name: string): number[] {
  const random = prng('fashion', name);
  return Array.from({ length: rows / CLASSES }, (_, block) =>
    Array.from(random.permutation(CLASSES), (label) => pools[label][block]),
  ).flat();
}

export interface FashionSplit {
  from: Originals;
  order: number[];
}

/** Which original rows each split takes. Test rows are claimed first, so that no training image equals one of them. */
export async function selectFashion(): Promise<Record<SplitName, FashionSplit>> {
  const [train, test] = await Promise.all([readOriginals('train'), readOriginals('t10k')]);
  const seen = new Set<string>();
  const testPools = uniqueRowsByClass(test, seen).map((rows, label) => shuffled(rows, 'test', label));
  const trainPools = uniqueRowsByClass(train, seen).map((rows, label) => shuffled(rows, 'train', label));
  const validationFrom = PLAN.train.rows / CLASSES;
  return {
    train: { from: train, order: balancedOrder(trainPools, PLAN.train.rows, 'train') },
    validation: {
      from: train,
      order: balancedOrder(
        trainPools.map((rows) => rows.slice(validationFrom)),
        PLAN.validation.rows,
        'validation',
      ),
    },
    test: { from: test, order: balancedOrder(testPools, PLAN.test.rows, 'test') },
  };
}

const shuffled = (rows: number[], part: string, label: number): number[] =>
  Array.from(prng('fashion', 'class', part, label).permutation(rows.length), (i) => rows[i]);

/** The content of shard number `index` of a split, before gzip. */
export function fashionShard({ from, order }: FashionSplit, name: SplitName, index: number): Uint8Array {
  const { shardRows } = PLAN[name];
  const rows = order.slice(index * shardRows, (index + 1) * shardRows);
  const pixels = Buffer.concat(rows.map((row) => imageOf(from, row)));
  return shardContent(
    Uint8Array.from(rows, (row) => from.labels[row]),
    pixels,
    { rows: rows.length, channels: 1, height: SIDE, width: SIDE },
  );
}

export async function buildFashion(): Promise<Built> {
  const files = new Map<string, Uint8Array>();
  const selected = await selectFashion();
  const writeSplit = (name: SplitName): LabelledDataset['splits'][SplitName] => {
    const { rows, shardRows } = PLAN[name];
    const shards = Array.from({ length: rows / shardRows }, (_, index): ShardEntry => {
      const file = `fashion/${name}-${index}.bin`;
      const bytes = gzip(fashionShard(selected[name], name, index));
      files.set(file, bytes);
      return { ...fileEntry(file, bytes), rows: shardRows };
    });
    return { rows, shards };
  };
  files.set('fashion/LICENCE.txt', await readFile(LICENCE_FILE));
  const splits = { train: writeSplit('train'), validation: writeSplit('validation'), test: writeSplit('test') };
  return { dataset: describe(splits), files };
}

const describe = (splits: LabelledDataset['splits']): LabelledDataset => ({
  id: 'fashion',
  kind: 'labelled-images',
  title: { en: 'Fashion-MNIST', zh: 'Fashion-MNIST' },
  description: {
    en: 'Grey pictures of clothes, shoes and bags, 28 by 28 pixels, in ten classes.',
    zh: '衣服、鞋和包的灰度图片，28×28 像素，共十类。',
  },
  source: 'Debian package dataset-fashion-mnist 0.0~git20200523.55506a9-1',
  homepage: 'https://github.com/zalandoresearch/fashion-mnist',
  licences: [{ id: 'MIT', holder: '2017 Zalando SE', text: 'fashion/LICENCE.txt' }],
  build: 'npm run build-data -- fashion',
  notes: [
    'A part of the originals: train and validation come from its 60,000 training images, test from its 10,000 test images.',
    'Images that occur twice, within or across the original files, are taken at most once.',
    'Rows are shuffled by a fixed seed; every ten consecutive rows hold each class once.',
  ],
  shape: [1, SIDE, SIDE],
  classes: CLASS_NAMES,
  splits,
});
