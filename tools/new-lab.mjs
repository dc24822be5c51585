// npm run new-lab -- <slug>: writes a lab folder that passes the contract test, to be changed line by line.
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';

const root = fileURLToPath(new URL('..', import.meta.url));
const [slug] = process.argv.slice(2);
function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!slug || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug))
  fail(
    'usage: npm run new-lab -- <slug>   (lower-case words joined by hyphens, as in the catalogue src/labs/catalog.ts)',
  );
const folder = `${root}src/labs/${slug}`;
if (existsSync(folder)) fail(`src/labs/${slug} exists already: choose another slug, or delete it first`);
const catalogue = readFileSync(`${root}src/labs/catalog.ts`, 'utf8');
if (!catalogue.includes(`'${slug}'`))
  console.error(`note: "${slug}" is not in src/labs/catalog.ts; the gallery lists labs of that catalogue only`);

cpSync(`${root}tools/new-lab`, folder, { recursive: true });
const words = slug.split('-').join(' ');
for (const file of readdirSync(folder)) {
  const text = readFileSync(`${folder}/${file}`, 'utf8')
    .replaceAll('new-lab-slug', slug)
    .replaceAll('New lab title', words[0].toUpperCase() + words.slice(1));
  writeFileSync(`${folder}/${file}`, text);
}
console.log(`src/labs/${slug}: written. Recording its first run ...`);
const { status } = spawnSync(process.execPath, [`${root}tools/with-native.mjs`, 'tools/record.ts', slug], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) fail('the recording failed: see above');
console.log(
  `Next: change src/labs/${slug}/meta.ts and lab.ts (docs/writing-a-lab.md), then run\n  npx vitest run src/labs/_kit/contract/contract.test.ts -t ${slug}\n  npm run record -- ${slug}`,
);
