// Shares of a headless run as files: `--shard 2/8` writes one, `--merge` reads them all. A file holds structured clones
// (v8.serialize), so that every number comes back to the last digit.
import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Backend } from '../src/engine/engine.ts';
import type { Knobs, LabMeta } from '../src/labs/_kit/contract/meta.ts';
import type { Share, ShareOutcome } from '../src/labs/_kit/run/share.ts';

/** A message for the person at the terminal, without a stack. */
export class UsageError extends Error {}

const FORMAT = 'paper-playground shard 1';

/** What all shares of a run have in common. */
interface ShardHeader {
  slug: string;
  labVersion: number;
  seeds: number[];
  knobs: Knobs;
  backend: Backend;
}
interface ShardFile {
  format: typeof FORMAT;
  header: ShardHeader;
  outcome: ShareOutcome;
}

/** `2/8`: the second of eight. @throws UsageError */
export function readShard(text: string): Share {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!(index >= 1 && index <= of)) throw new UsageError(`--shard: expected one of 1/N ... N/N; got ${text}`);
  return { index: index - 1, of };
}

export function writeShard(
  file: string,
  { meta, slug, seeds, knobs, backend }: Omit<ShardHeader, 'labVersion'> & { meta: LabMeta },
  outcome: ShareOutcome,
): void {
  const header: ShardHeader = { slug, labVersion: meta.version, seeds, knobs, backend };
  writeFileSync(file, serialize({ format: FORMAT, header, outcome } satisfies ShardFile));
}

/** @throws UsageError when the file is none of ours. */
export function readShardFile(file: string): ShardFile {
  let read: unknown;
  try {
    read = deserialize(readFileSync(file));
  } catch (error) {
    throw new UsageError(`${file}: expected a file that --shard wrote; got ${(error as Error).message}`);
  }
  if ((read as ShardFile | null)?.format !== FORMAT)
    throw new UsageError(`${file}: expected a file that --shard of this version wrote; got another`);
  return read as ShardFile;
}

/** The command that the shares in `files` belong to. @throws UsageError when they are not of one run. */
export function mergedCommand(
  meta: LabMeta,
  files: string[],
): Omit<ShardHeader, 'labVersion' | 'slug'> & { meta: LabMeta } {
  if (!files.length) throw new UsageError('--merge: expected the files that --shard wrote; got none');
  const headers = files.map((file) => readShardFile(file).header);
  const [{ seeds, knobs, backend }] = headers;
  const wanted = JSON.stringify({
    slug: meta.slug,
    labVersion: meta.version,
    seeds,
    knobs,
    backend,
  } satisfies ShardHeader);
  for (const [i, header] of headers.entries())
    if (JSON.stringify(header) !== wanted)
      throw new UsageError(`${files[i]}: expected a share of ${wanted}; got ${JSON.stringify(header)}`);
  return { meta, seeds, knobs, backend };
}
