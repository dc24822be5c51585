import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fashionShard, selectFashion, SOURCE_FOLDER } from './fashion.ts';

test.skipIf(!existsSync(SOURCE_FOLDER))('rebuilt shards hold what the committed files hold', async () => {
  const selected = await selectFashion();
  for (const [name, index] of [
    ['train', 3],
    ['validation', 0],
    ['test', 1],
  ] as const) {
    const committed = gunzipSync(await readFile(`public/data/fashion/${name}-${index}.bin`));
    expect(Buffer.compare(fashionShard(selected[name], name, index), committed)).toBe(0);
  }
});
