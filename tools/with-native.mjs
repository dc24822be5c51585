// Runs a TypeScript tool with native onnxruntime at hand: node tools/with-native.mjs <script.ts> [arguments]
// The native package is large, so it lives in tools/native and is installed when a tool first needs it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const native = `${root}tools/native`;
const [script, ...args] = process.argv.slice(2);

function fail(message) {
  console.error(message);
  process.exit(1);
}
if (!script) fail('usage: node tools/with-native.mjs <script.ts> [arguments]');
if (!existsSync(`${root}node_modules/tsx`)) fail("The project's packages are not installed yet: run `npm ci` first.");
if (!existsSync(`${native}/node_modules/onnxruntime-node`)) {
  console.error('Installing native onnxruntime into tools/native (once, about 100 MB) ...');
  const installed = spawnSync('npm', ['ci', '--omit=optional', '--no-audit', '--no-fund'], {
    cwd: native,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (installed.status !== 0) fail('The installation failed: see the messages of npm above, then try again.');
}
const { status, signal } = spawnSync(process.execPath, [`${root}node_modules/tsx/dist/cli.mjs`, ...[script, ...args]], {
  stdio: 'inherit',
});
process.exit(status ?? (signal ? 130 : 1));
