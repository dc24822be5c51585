// Whether an answer may be kept: a server, or a network that wants a login first, can answer anything with status 200.

/** Types that browsers insist on; of other files we only know that they are no web page. */
const TYPES: [ending: RegExp, type: RegExp][] = [
  [/\.m?js$/, /(java|ecma)script/],
  [/\.css$/, /^text\/css/],
  [/\.wasm$/, /^application\/(wasm|octet-stream)/],
];

/** True where the answer's type is one that a file of this name comes with. */
export function isExpectedType(path: string, contentType: string | null): boolean {
  const type = (contentType ?? '').trim().toLowerCase();
  const known = TYPES.find(([ending]) => ending.test(path));
  return known ? known[1].test(type) : !/^(text\/html|application\/xhtml)/.test(type);
}

/** The page's own mark: any other HTML is somebody else's page. */
export const isOurPage = (html: string): boolean =>
  /<meta\s[^>]*name="application-name"[^>]*Paper Playground/.test(html);

/** Leading 16 hex digits of the SHA-256: enough to notice damage. */
export async function sumOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 8), (b) => b.toString(16).padStart(2, '0')).join('');
}
