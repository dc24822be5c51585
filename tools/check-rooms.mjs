// Enforces the rooms: imports go one way, onnxruntime is named in one file, randomness comes from the seeded generator.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What each room may import, beside itself. */
const ROOMS = {
  util: [],
  graph: ['util'],
  onnx: ['graph', 'util'],
  autodiff: ['graph', 'util'],
  nn: ['graph', 'util'],
  losses: ['nn', 'autodiff', 'graph', 'util'],
  optim: ['nn', 'autodiff', 'graph', 'util'],
  data: ['graph', 'util'],
  engine: ['graph', 'util'],
  pictures: ['util'],
  'own-model': ['pictures', 'onnx', 'graph', 'util'],
  labs: ['own-model', 'pictures', 'engine', 'data', 'optim', 'losses', 'nn', 'autodiff', 'onnx', 'graph', 'util'],
  runtime: ['labs', 'engine', 'data', 'optim', 'losses', 'nn', 'autodiff', 'onnx', 'graph', 'util'],
  app: ['runtime', 'labs', 'own-model', 'pictures', 'engine', 'data', 'onnx', 'util'],
};
const problems = [];

const files = (folder) =>
  readdirSync(resolve(root, folder), { withFileTypes: true }).flatMap((e) =>
    e.name === 'node_modules'
      ? []
      : e.isDirectory()
        ? files(`${folder}/${e.name}`)
        : /\.(ts|tsx|mjs)$/.test(e.name)
          ? [`${folder}/${e.name}`]
          : [],
  );
const isTest = (file) => /\.test\.tsx?$/.test(file) || file.includes('/testing/');

function checkImport(file, spec) {
  if (
    spec.startsWith('onnxruntime') &&
    file !== 'src/runtime/engine/ort.ts' &&
    !isTest(file) &&
    !file.startsWith('tools/')
  )
    problems.push(
      `${file}: names ${spec}; only src/runtime/engine/ort.ts may: go through src/runtime/engine/engine.ts`,
    );
  if (!spec.startsWith('.') || !file.startsWith('src/')) return;
  const target = relative(root, resolve(root, dirname(file), spec));
  const [, from] = file.split('/');
  const [top, to] = target.split('/');
  if (top !== 'src' || from === to) return sameRoom(file, target, from);
  if (ROOMS[from] && !isTest(file) && !ROOMS[from].includes(to))
    problems.push(
      `${file}: imports ${target}; ${from}/ may import ${ROOMS[from].join(', ') || 'nothing'}: move what both need down`,
    );
}
/** A lab never imports another lab. */
function sameRoom(file, target, room) {
  const [a, b] = [file.split('/')[2], target.split('/')[2]];
  if (room === 'labs' && target.startsWith('src/labs/') && a !== b && b !== '_kit' && file.split('/').length > 3)
    problems.push(
      `${file}: imports ${target}; labs do not import each other: move what both need to src/losses, src/nn or src/data`,
    );
}

for (const file of ['src', 'workers', 'tools', 'e2e'].flatMap(files)) {
  const text = readFileSync(resolve(root, file), 'utf8');
  for (const [, spec] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) checkImport(file, spec);
  if (/\bMath\.random\b/.test(text) && file !== 'tools/check-rooms.mjs')
    problems.push(`${file}: uses Math.random; draw from src/util/prng.ts`);
  if (/^export \* /m.test(text)) problems.push(`${file}: export *; name what you export`);
}
if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('rooms: every import goes down');
