// Bytes as text, for numbers that travel inside JSON.

/** Base64 of `bytes`. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  // chunks keep the argument list short
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** @throws DOMException when `text` is no base64 */
export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
