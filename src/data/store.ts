// The data store: loads only the shards that a split needs, remembers them, and gives their rows as numbers.
import { DataError } from './data-error.ts';
import { Files, RELOAD, remember } from './files.ts';
import { gunzip } from './gzip.ts';
import { unpackImages } from './image-codec.ts';
import { averagePool } from './pool.ts';
import type {
  DataManifest,
  DataSplit,
  DataStore,
  FetchBytes,
  LabelledDataset,
  ShardEntry,
  SplitName,
} from './types.ts';

export interface PackagedData extends DataStore {
  /** What data/manifest.json says. */
  manifest(): Promise<DataManifest>;
}
export interface StoreOptions {
  /** Told once when something could not be checked. */
  notice?(text: string): void;
}
/** Rows of one shard, as bytes. */
interface Shard {
  rows: number;
  labels: Uint8Array;
  /** At least the first `rows` images: no more are decoded than were asked for. */
  pixels(rows: number): Uint8Array;
}

/** Packaged data behind `fetchBytes`, which reads a file under public/ by its path. */
export function openDataStore(fetchBytes: FetchBytes, options: StoreOptions = {}): PackagedData {
  const files = new Files(fetchBytes, options.notice);
  const shards = new Map<string, Promise<Shard>>();

  const shardOf = (set: LabelledDataset, entry: ShardEntry): Promise<Shard> =>
    remember(shards, entry.file, async () => readShard(set, entry, await files.checked('data/', entry)));

  const split = async (
    dataset: string,
    name: SplitName,
    { rows, size }: { rows?: number; size?: number } = {},
  ): Promise<DataSplit> => {
    const set = findDataset(await files.dataManifest(), dataset);
    const { shards: entries, rows: available } = findSplit(set, name);
    const wanted = checkRows(rows ?? available, available, `${dataset}/${name}`);
    const factor = poolFactor(set, size);
    const parts = await Promise.all(entriesFor(entries, wanted).map((entry) => shardOf(set, entry)));
    return assemble(set, parts, wanted, factor);
  };
  return { split, file: (path) => files.listed(path), manifest: () => files.dataManifest() };
}

function findDataset(manifest: DataManifest, id: string): LabelledDataset {
  const set = manifest.datasets.find((d) => d.id === id);
  if (!set)
    throw new DataError(`Unknown data set "${id}"`, `Known are: ${manifest.datasets.map((d) => d.id).join(', ')}`);
  if (set.kind === 'emoji')
    throw new DataError(`Data set "${id}" has styles and concepts, not labelled rows`, 'Load it with loadEmoji');
  return set;
}

function findSplit(set: LabelledDataset, name: SplitName): LabelledDataset['splits'][SplitName] {
  const split = set.splits[name];
  if (!split)
    throw new DataError(
      `Data set "${set.id}" has no split "${name}"`,
      `Known are: ${Object.keys(set.splits).join(', ')}`,
    );
  return split;
}

function checkRows(rows: number, available: number, where: string): number {
  if (!Number.isInteger(rows) || rows < 1)
    throw new DataError(
      `${where}: the number of rows must be a positive integer; got ${rows}`,
      `Ask for 1 to ${available}`,
    );
  if (rows > available)
    throw new DataError(`${where} has ${available} rows; ${rows} were asked for`, `Ask for at most ${available}`);
  return rows;
}

/** How many pixels a side become one. */
function poolFactor(set: LabelledDataset, size: number | undefined): number {
  const side = set.shape[1];
  if (size === undefined) return 1;
  if (!Number.isInteger(size) || size < 1 || side % size !== 0) {
    const sizes = Array.from({ length: side }, (_, i) => side - i).filter((s) => side % s === 0);
    throw new DataError(
      `Data set "${set.id}" cannot be given at ${size} pixels a side`,
      `Sizes are: ${sizes.join(', ')}`,
    );
  }
  return side / size;
}

/** The leading shards that hold the first `rows` rows. */
function entriesFor(entries: ShardEntry[], rows: number): ShardEntry[] {
  let held = 0;
  return entries.filter((entry) => {
    const needed = held < rows;
    held += entry.rows;
    return needed;
  });
}

/** A shard file is gzip over: labels (one byte a row), then the images as image-codec.ts packs them. */
async function readShard(set: LabelledDataset, { file, rows }: ShardEntry, bytes: Uint8Array): Promise<Shard> {
  const [, height, width] = set.shape;
  const broken = (error: unknown) => new DataError(`data/${file} cannot be unpacked`, RELOAD, error);
  const packed = await gunzip(bytes).catch((error) => {
    throw broken(error);
  });
  let known: Uint8Array = new Uint8Array(0);
  return {
    rows,
    labels: packed.subarray(0, rows),
    pixels(wanted) {
      if (known.length >= wanted * height * width) return known;
      try {
        return (known = unpackImages(packed.subarray(rows), { rows, channels: 1, height, width }, wanted));
      } catch (error) {
        throw broken(error);
      }
    },
  };
}

/** The first `rows` rows of `parts`, as numbers in 0..1, pooled by `factor`. */
function assemble(set: LabelledDataset, parts: Shard[], rows: number, factor: number): DataSplit {
  const [channels, height, width] = set.shape;
  const pixelsPerRow = channels * height * width;
  const values = new Float32Array(rows * pixelsPerRow);
  const labels = new Int32Array(rows);
  let row = 0;
  for (const part of parts) {
    const taken = Math.min(part.rows, rows - row);
    const pixels = part.pixels(taken);
    const start = row * pixelsPerRow;
    labels.set(part.labels.subarray(0, taken), row);
    for (let i = 0; i < taken * pixelsPerRow; i++) values[start + i] = pixels[i] / 255;
    row += taken;
  }
  return {
    rows,
    shape: [channels, height / factor, width / factor],
    labels,
    values: factor === 1 ? values : averagePool(values, height, factor),
  };
}
