// A name for the content of an array: for caches, not against forgers.

/** 64 bits of hash as 16 hex digits: two lanes of multiply-and-rotate over 32-bit words, mixed as in MurmurHash3 (A. Appleby, public domain). */
export function contentHash(values: ArrayBufferView): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let a = 0x9747b28c;
  let b = bytes.length;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    a = step(a, word, 0xcc9e2d51);
    b = step(b, word, 0x85ebca77);
  }
  for (let i = whole; i < bytes.length; i++) {
    a = step(a, bytes[i], 0xcc9e2d51);
    b = step(b, bytes[i], 0x85ebca77);
  }
  return [finish(a ^ bytes.length), finish(b)].map((h) => h.toString(16).padStart(8, '0')).join('');
}

function step(hash: number, word: number, factor: number): number {
  const k = Math.imul(word, factor);
  const mixed = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Every bit of the input reaches every bit of the result. */
function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
