// Writes a shard file: gzip over labels (one byte a row) and packed images. The loader in src/data reads it.
import { createHash } from 'node:crypto';
import { constants, gzipSync } from 'node:zlib';
import { packImages } from '../../src/data/image-codec.ts';
import type { ImageLayout } from '../../src/data/image-codec.ts';
import type { FileEntry } from '../../src/data/types.ts';

/** The unpacked content of a shard file. `pixels` is [rows, channels, height, width]. */
export function shardContent(labels: Uint8Array, pixels: Uint8Array, layout: ImageLayout): Uint8Array {
  return Buffer.concat([labels, packImages(pixels, layout)]);
}

/** The smaller of gzip with run lengths alone and with full matching. The packed bytes may differ between zlib versions; the content may not. */
export function gzip(content: Uint8Array): Uint8Array {
  const [runs, full] = [constants.Z_RLE, constants.Z_DEFAULT_STRATEGY].map((strategy) =>
    gzipSync(content, { level: 9, memLevel: 9, strategy }),
  );
  return runs.length <= full.length ? runs : full;
}

/** Manifest entry of a file. Files do not end in .gz, because some servers would then unpack them on the way. */
export const fileEntry = (file: string, bytes: Uint8Array): FileEntry => ({
  file,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
