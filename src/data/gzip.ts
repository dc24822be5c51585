// Gzip through the platform's own streams, the same in browsers, workers and Node.

/** Unpacks a gzip file. @throws TypeError when the bytes are not gzip. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
