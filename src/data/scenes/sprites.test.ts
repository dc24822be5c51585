import { describe, expect, it } from 'vitest';
import { loadEmojiConcepts } from '../emoji.ts';
import { fetchFromDisk } from '../fetch-disk.ts';
import { openDataStore } from '../store.ts';
import { renderScene } from './render.ts';
import type { Scene } from './scene.ts';
import { EMOJI_THINGS, loadSprites } from './sprites.ts';
import { COLOURS, SHAPES } from './vocabulary.ts';

const store = openDataStore(fetchFromDisk('public'));
const alone = (colour: string, shape: string): Scene => ({
  objects: [
    {
      colour: COLOURS.indexOf(colour as never),
      shape: SHAPES.indexOf(shape as never),
      x: 24,
      y: 20,
      radius: 5,
      tint: [0, 0, 0],
    },
  ],
  background: [0.2, 0.2, 0.2],
  light: [0, 0],
  noise: 7,
});
const at = (rgb: Uint8Array, x: number, y: number) => Array.from(rgb.subarray((y * 96 + x) * 3, (y * 96 + x) * 3 + 3));

describe('emoji in scenes', () => {
  it('names only emoji that the set has', async () => {
    const { concepts } = await loadEmojiConcepts(store);
    const codes = new Set(concepts.map((c) => c.code));
    for (const code of Object.values(EMOJI_THINGS)) expect(codes).toContain(code);
  });
  it('draws the thing in its colour and place, and counts its pixels as its own', async () => {
    const sprites = await loadSprites(store, 'twemoji');
    const { rgb, owner } = renderScene(alone('blue', 'circle'), 96, sprites);
    const [r, , b] = at(rgb, 48, 40);
    expect(b).toBeGreaterThan(r + 40);
    expect(owner[40 * 96 + 48]).toBe(0);
    expect(owner[60 * 96 + 48]).toBe(-1);
    const plain = renderScene(alone('blue', 'circle'), 96);
    const disc = (o: Int8Array) => o.reduce((n, k) => n + Number(k === 0), 0);
    expect(disc(owner) / disc(plain.owner)).toBeGreaterThan(0.7);
    expect(disc(owner) / disc(plain.owner)).toBeLessThan(1.4);
  });
  it('leaves what has no emoji a drawn shape', async () => {
    const sprites = await loadSprites(store, 'fluent');
    const scene = alone('cyan', 'ring');
    expect(renderScene(scene, 96, sprites).rgb).toEqual(renderScene(scene, 96).rgb);
    expect(renderScene(alone('red', 'ring'), 96, sprites).rgb).not.toEqual(renderScene(alone('red', 'ring'), 96).rgb);
  });
  it('refuses a style that is not packaged', async () => {
    await expect(loadSprites(store, 'apple')).rejects.toThrow(/no style "apple"/);
  });
});
