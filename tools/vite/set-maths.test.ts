import { describe, expect, it } from 'vitest';
import { metas } from './lab-metas.ts';
import { setMaths } from './set-maths.ts';

const lab = (equation: string, text = '') => ({ slug: 'lab', equations: [{ text: equation }], method: [text] });

describe('setMaths', () => {
  it.each(Object.values(metas).map((meta) => [meta.slug, meta] as const))('%s: all its TeX is read', (_, meta) => {
    const maths = setMaths(meta);
    for (const { text } of meta.equations) expect(maths[text]).toMatch(/^<math[^>]*display="block"/);
    expect(Object.keys(maths).length).toBeGreaterThan(0);
  });
  it('sets what stands between dollars, wherever it stands', () => {
    const maths = setMaths(lab('a', 'rate $\\eta$ and $x_1$'));
    expect(maths['\\eta']).toContain('<mi>η</mi>');
    expect(maths.x_1).toContain('<msub>');
  });
  it('names the text whose TeX is wrong', () => {
    expect(() => setMaths(lab('\\frac{a'))).toThrow(/lab\.equations\.0; got \\frac\{a/);
    expect(() => setMaths(lab('a', 'only one $ here'))).toThrow(/pairs of \$ at lab\.method\.0/);
    expect(() => setMaths(lab('\\nosuchcommand'))).toThrow(/equations\.0/);
  });
});
