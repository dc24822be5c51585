import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ARM_HUES, armColorCss, armStyles, REFERENCE_HUE, type Theme } from './arm-colors.ts';
import { cividis, contrast, inkOn, signedColor, type Rgb } from './colormap.ts';

const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as Rgb;
const css = readFileSync(fileURLToPath(new URL('../app/styles/tokens.css', import.meta.url)), 'utf8');
/** A colour token of a theme, as tokens.css has it. */
function token(theme: Theme, name: string): Rgb {
  const part = theme === 'dark' ? css.slice(css.indexOf("[data-theme='dark']")) : css;
  return rgb(new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(part)![1]);
}
const themes: Theme[] = ['light', 'dark'];

describe('arm colours', () => {
  it.each(themes)('stand out 3:1 from every ground of the %s theme', (theme) => {
    for (const hue of [...ARM_HUES, REFERENCE_HUE])
      for (const ground of ['paper', 'surface', 'sunken']) {
        expect(contrast(rgb(hue[theme]), token(theme, ground)), `${hue.name} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
  });
  it('go to the method first, the baseline next, grey to references, and never repeat a look', () => {
    const arms = [
      { id: 'r', role: 'reference' },
      { id: 'b', role: 'baseline' },
      ...Array.from({ length: 9 }, (_, i) => ({ id: `m${i}`, role: 'method' })),
    ] as const;
    const styles = armStyles(arms as never);
    expect([styles.m0.color, styles.b.color, styles.r.color]).toEqual([
      'var(--arm-0)',
      'var(--arm-1)',
      'var(--arm-reference)',
    ]);
    expect(new Set(Object.values(styles).map((style) => `${style.color} ${style.dash}`)).size).toBe(11);
    expect(armStyles(arms as never)).toEqual(styles);
  });
  it('reach the page as custom properties of both themes', () => {
    for (const hue of ARM_HUES) for (const theme of themes) expect(armColorCss()).toContain(hue[theme]);
  });
});

describe('text colours', () => {
  it.each(themes)('read 4.5:1 on every ground of the %s theme', (theme) => {
    for (const ink of ['ink', 'ink-2', 'ink-3', 'accent', 'good', 'bad', 'unsure'])
      for (const ground of ['paper', 'surface', 'sunken']) {
        expect(contrast(token(theme, ink), token(theme, ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    for (const [ink, ground] of [
      ['button-ink', 'button'],
      ['ink', 'bad-soft'],
      ['ink', 'unsure-soft'],
      ['accent', 'accent-soft'],
    ])
      expect(contrast(token(theme, ink), token(theme, ground))).toBeGreaterThanOrEqual(4.5);
    expect(
      contrast(token(theme, 'rule-strong'), token(theme, 'surface')),
      'borders of controls',
    ).toBeGreaterThanOrEqual(3);
    expect(contrast(token(theme, 'focus'), token(theme, 'paper'))).toBeGreaterThanOrEqual(3);
  });
  it('on a colour map read 4.5:1 everywhere', () => {
    for (let t = 0; t <= 1; t += 0.01)
      for (const color of [cividis(t), signedColor(2 * t - 1)])
        expect(contrast(color, rgb(inkOn(color)))).toBeGreaterThanOrEqual(4.5);
  });
  it('colour maps stay within their ends', () => {
    expect([cividis(-1), cividis(Number.NaN)]).toEqual([cividis(0), cividis(0)]);
    expect(signedColor(9)).toEqual(signedColor(1));
  });
});
