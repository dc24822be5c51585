// Packaged sets as tasks.
import { describe, expect, test } from 'vitest';
import { loadEmojiConcepts } from '../emoji.ts';
import { fetchFromDisk } from '../fetch-disk.ts';
import { openDataStore } from '../store.ts';
import { loadEmojiTask } from './load-emoji.ts';
import { loadFashionTask } from './load-labelled.ts';
import { SPLITS } from './task.ts';

const store = openDataStore(fetchFromDisk('public'));
const STYLES = ['twemoji', 'noto', 'fluent-flat'];

test('fashion at 14 pixels: rows, names, and the values of the store', async () => {
  const task = await loadFashionTask(store, { side: 14, rows: { train: 300, validation: 20, test: 50 } });
  expect(SPLITS.map((name) => task[name].rows)).toEqual([300, 20, 50]);
  expect([task.side, task.channels, task.classes, task.names[8]]).toEqual([14, 1, 10, 'Bag']);
  expect(task.test.values).toEqual((await store.split('fashion', 'test', { rows: 50, size: 14 })).values);
  await expect(loadFashionTask(store, { rows: { test: 5001 } })).rejects.toThrow('5000 rows; 5001 were asked for');
});

describe('emoji', async () => {
  const task = await loadEmojiTask(store, { styles: STYLES, classes: 64, side: 16 });
  const { concepts } = await loadEmojiConcepts(store);

  test('by subgroup: labels are those of the concepts, the largest class first, no concept in two splits', () => {
    expect([task.side, task.channels, task.classes]).toEqual([16, 3, 64]);
    const sizes = task.names.map((name) => {
      const subgroup = task.table.subgroups.findIndex((s) => s.title.en === name);
      return concepts.filter((c) => c.subgroup === subgroup && c.split === 'train').length;
    });
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    for (const name of SPLITS) {
      const split = task[name];
      expect(split.values.length).toBe(split.rows * 3 * 256);
      split.concepts!.forEach((concept, row) => {
        const { subgroup, split: own, styles } = concepts[concept];
        expect(task.table.subgroups[subgroup].title.en).toBe(task.names[split.labels[row]]);
        expect(own).toBe(name);
        expect(styles).toContain(task.styles[split.styles![row]]);
      });
    }
  });

  test('split by style: the same concepts everywhere, each a class, in other styles', async () => {
    const styles = { train: ['twemoji', 'noto'], validation: ['fluent'], test: ['fluent-flat'] };
    const own = await loadEmojiTask(store, { styles, by: 'concept', classes: 50, side: 16, isGrey: true, isInk: true });
    expect([own.channels, own.classes, own.names.length]).toEqual([1, 50, 50]);
    const shown = (name: (typeof SPLITS)[number]) => [...new Set(own[name].concepts)].sort((a, b) => a - b);
    expect(shown('test')).toEqual(shown('train'));
    expect(own.train.rows).toBe(100);
    expect(own.test.rows).toBe(50);
    own.test.styles!.forEach((s) => expect(own.styles[s]).toBe('fluent-flat'));
    own.test.labels.forEach((label, row) => {
      expect(own.names[label]).toBe(own.table.concepts[own.test.concepts![row]].name);
    });
    // ink: the corners of nearly all pictures are paper, hence 0
    const corners = Array.from({ length: own.test.rows }, (_, row) => own.test.values[row * 256]);
    expect(corners.filter((v) => v < 0.05).length).toBeGreaterThan(40);
  });

  test('grey ink is one minus the luma of light; 16 pixels are means of 32', async () => {
    const options = { styles: ['noto'], by: 'group', classes: 3 } as const;
    const light = await loadEmojiTask(store, { ...options, side: 32 });
    const ink = await loadEmojiTask(store, { ...options, side: 16, isInk: true, isGrey: true });
    expect(ink.names).toEqual(light.names);
    for (let row = 0; row < 20; row++) {
      const at = (c: number, k: number) => light.train.values[(row * 3 + c) * 1024 + k];
      const corner = [0, 1, 32, 33].reduce(
        (sum, k) => sum + 1 - (0.299 * at(0, k + 528) + 0.587 * at(1, k + 528) + 0.114 * at(2, k + 528)),
        0,
      );
      // pixel (16, 16) of 32 is the corner of (8, 8) of 16
      expect(ink.train.values[row * 256 + 8 * 16 + 8]).toBeCloseTo(corner / 4, 5);
    }
  });

  test('more classes than there are, and unknown styles, say what there is', async () => {
    await expect(loadEmojiTask(store, { styles: STYLES, by: 'group', classes: 99 })).rejects.toThrow(
      /has \d+ such classes; 99/,
    );
    await expect(loadEmojiTask(store, { styles: ['apple'] })).rejects.toThrow('no style "apple"');
  });
});
