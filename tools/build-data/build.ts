// The command line of the builder: which data sets there are, and how their files and manifest entries are written.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataManifest } from '../../src/data/types.ts';
import type { Built } from './built.ts';
import { buildDigits } from './digits.ts';
import { buildEmoji } from './emoji/emoji.ts';
import { buildFashion } from './fashion.ts';

const BUILDERS: Record<string, () => Promise<Built>> = {
  fashion: buildFashion,
  emoji: buildEmoji,
  digits: buildDigits,
};
const OUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../public/data');

export async function buildData(names: string[]): Promise<void> {
  const known = Object.keys(BUILDERS);
  const wrong = names.filter((name) => !known.includes(name));
  if (names.length === 0 || wrong.length > 0) {
    console.error(`build-data: name one or more data sets (${known.join(', ')}); got ${wrong.join(', ') || 'none'}`);
    process.exitCode = 2;
    return;
  }
  for (const name of names) await write(name, await BUILDERS[name]());
}

async function write(name: string, { dataset, files }: Built): Promise<void> {
  await rm(resolve(OUT, name), { recursive: true, force: true });
  for (const [path, bytes] of files) {
    await mkdir(dirname(resolve(OUT, path)), { recursive: true });
    await writeFile(resolve(OUT, path), bytes);
  }
  const manifest = await readManifest();
  manifest.datasets = [...manifest.datasets.filter((d) => d.id !== name), dataset].sort((a, b) =>
    a.id < b.id ? 1 : -1,
  );
  await writeFile(resolve(OUT, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  const total = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  console.log(`${name}: ${files.size} files, ${(total / 1e6).toFixed(2)} MB`);
}

async function readManifest(): Promise<DataManifest> {
  try {
    return JSON.parse(await readFile(resolve(OUT, 'manifest.json'), 'utf8')) as DataManifest;
  } catch {
    return { version: 1, datasets: [] };
  }
}
