// Sets the TeX in a lab's meta as MathML, when the page is built: every `$...$` in its texts, and its equations.
import temml from 'temml';

/** MathML by its TeX. */
export type SetMaths = Record<string, string>;

function set(tex: string, where: string, displayMode: boolean): string {
  try {
    return temml.renderToString(tex, { displayMode, throwOnError: true, strict: true });
  } catch (error) {
    throw new Error(`maths: expected TeX at ${where}; got ${tex} (${(error as Error).message})`);
  }
}

function textsIn(value: unknown, where: string): [where: string, text: string][] {
  if (typeof value === 'string') return [[where, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => textsIn(part, `${where}.${key}`));
}

/**
 * @param meta of a lab: `equations[].text` is TeX, other texts hold TeX between dollars
 * @throws Error naming the text whose TeX cannot be read
 */
export function setMaths(meta: { slug: string; equations: readonly { text: string }[] }): SetMaths {
  const out: SetMaths = {};
  meta.equations.forEach(({ text }, i) => {
    const where = `${meta.slug}.equations.${i}`;
    // parts side by side go on lines of their own where the page is narrow
    out[text] = text
      .split(String.raw`\qquad`)
      .map((part) => set(part.trim(), where, true))
      .join('');
  });
  for (const [where, text] of textsIn({ ...meta, equations: [] }, meta.slug)) {
    const parts = text.split('$');
    if (parts.length % 2 === 0) throw new Error(`maths: expected pairs of $ at ${where}; got ${text}`);
    for (let i = 1; i < parts.length; i += 2) out[parts[i]] ??= set(parts[i], where, false);
  }
  return out;
}
