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

/** Run-length matching wins over full matching on residuals. The packed bytes may differ between zlib versions; the content may not. */
export const gzip = (content: Uint8Array, strategy: number = constants.Z_RLE): Uint8Array =>
  gzipSync(content, { level: 9, memLevel: 9, strategy });

/** Manifest entry of a file. Files do not end in .gz, because some servers would then unpack them on the way. */
export const fileEntry = (file: string, bytes: Uint8Array): FileEntry =>
  ({ file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
