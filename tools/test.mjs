// npm test: installs what the tests need, runs all of them, and prints the total as the last line.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = `${root}.cache/reports`;
const bin = (name) => `${root}node_modules/.bin/${name}`;
let passed = 0;
let failed = 0;

/** Runs a command and tells whether it succeeded. */
function run(command, args, options = {}) {
  console.log(`\n> ${[command, ...args].join(' ').replaceAll(root, '')}`);
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options }).status === 0;
}
/** A command that is one check. */
function check(name, command, args, options) {
  const isGood = run(command, args, options);
  if (isGood) passed++;
  else failed++;
  console.log(`${isGood ? 'ok' : 'FAILED'}: ${name}`);
}
/** Adds a JSON report's counts; a runner that failed without one counts as one failure. */
function count(file, isGood, read) {
  const [good, bad] = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : [0, 1];
  passed += good;
  failed += bad || (isGood ? 0 : 1);
}
function need(what, isGood) {
  if (isGood) return;
  console.error(`Could not install ${what}: see above.\n${passed} passed, ${failed + 1} failed`);
  process.exit(1);
}

function install() {
  if (!existsSync(`${root}node_modules/vitest`)) need('the packages of package.json', run('npm', ['ci']));
  if (!existsSync(`${root}tools/native/node_modules/onnxruntime-node`))
    need('native onnxruntime', run('npm', ['ci'], { cwd: `${root}tools/native` }));
  if (browser()) return;
  const isRoot = process.getuid?.() === 0;
  const apt = isRoot ? ['apt-get'] : ['sudo', 'apt-get'];
  if (existsSync('/usr/bin/apt-get')) {
    run(apt[0], [...apt.slice(1), 'update', '-qq']);
    run(apt[0], [...apt.slice(1), 'install', '-y', '-qq', 'chromium']);
  }
  if (!browser())
    need('Chromium by apt; set CHROMIUM to the path of a Chromium', run(bin('playwright'), ['install', 'chromium']));
}
/** A Chromium of the system; Playwright's own is used when there is none. */
const browser = () =>
  [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (p) => p && existsSync(p),
  );

/** The commands of a document's first block, for this slug. */
function commandsOf(document, slug) {
  const [, block] = /```sh\n([\s\S]*?)```/.exec(readFileSync(`${root}${document}`, 'utf8'));
  return block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').replaceAll('<slug>', slug))
    .filter(Boolean);
}

/** What docs/writing-a-lab.md says to type becomes a lab that passes the contract test; the folder goes away afterwards. */
function newLab() {
  const folder = `${root}src/labs/scratch-lab`;
  rmSync(folder, { recursive: true, force: true });
  const docs = `${root}docs/reproductions.md`;
  const before = existsSync(docs) ? readFileSync(docs) : null;
  try {
    for (const line of commandsOf('docs/writing-a-lab.md', 'scratch-lab'))
      check(`writing a lab: ${line}`, line, [], { shell: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (before) writeFileSync(docs, before);
  }
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
install();
check('types', bin('tsc'), ['--noEmit']);
check('lint', bin('oxlint'), ['--deny-warnings']);
check('format', bin('oxfmt'), ['--check', '.']);
check('rooms', process.execPath, ['tools/check-rooms.mjs']);
const unit = run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile=${reports}/unit.json`]);
count(`${reports}/unit.json`, unit, (r) => [
  r.numPassedTests,
  r.numFailedTests + r.testResults.filter((t) => t.status === 'failed' && t.assertionResults.length === 0).length,
]);
newLab();
check('build', bin('vite'), ['build']);
const e2e = run(bin('playwright'), ['test', '--reporter=list,json'], {
  env: { ...process.env, CHROMIUM: browser() ?? '', PLAYWRIGHT_JSON_OUTPUT_NAME: `${reports}/e2e.json` },
});
count(`${reports}/e2e.json`, e2e, (r) => [r.stats.expected + r.stats.flaky, r.stats.unexpected]);

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
