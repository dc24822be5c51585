// npm run bench -- [options]: installs what the bench compares with (once), then runs tools/bench/main.ts.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);

function fail(message) {
  console.error(message);
  process.exit(1);
}
function install(folder, probe, what, ...options) {
  if (existsSync(`${root}${folder}/node_modules/${probe}`)) return;
  console.error(`Installing ${what} into ${folder} (once) ...`);
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', ...options], {
    cwd: `${root}${folder}`,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail('The installation failed: see the messages of npm above, then try again.');
}
if (!existsSync(`${root}node_modules/tsx`)) fail("The project's packages are not installed yet: run `npm ci` first.");
install('tools/bench', '@jax-js/jax', '@jax-js/jax and @tensorflow/tfjs (about 330 MB)');
if (args.includes('--node')) install('tools/native', 'webgpu', 'native onnxruntime and Dawn', '--include=optional');
const { status, signal } = spawnSync(
  process.execPath,
  [`${root}node_modules/tsx/dist/cli.mjs`, `${root}tools/bench/main.ts`, ...args],
  { stdio: 'inherit' },
);
process.exit(status ?? (signal ? 130 : 1));
