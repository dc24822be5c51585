// npm run profile -- <model or lab> [--batch N] [--on cpu|wasm] [--top N]: where a train step's time goes.
import { parseArgs } from 'node:util';
import { useNative } from '../src/runtime/node/node.ts';
import { capture, known, type Captured } from './profile/capture.ts';
import { costOf } from './profile/cost.ts';
import { microRuns, nativeProfile, wholeStep, type Timed } from './profile/measure.ts';

const USAGE =
  'usage: npm run profile -- <model or lab> [--batch N] [--on cpu|wasm] [--top N]\n  cpu: onnxruntime-node, one thread, after its own fusions; wasm: every kind of node timed by itself';
const pad = (rows: (string | number)[][]): string => {
  const cells = rows.map((r) => r.map(String));
  const widths = cells[0].map((_, c) => Math.max(...cells.map((r) => r[c].length)));
  return cells
    .map((r) => r.map((cell, c) => (c ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join('  '))
    .join('\n');
};
const sum = (v: number[]) => v.reduce((a, b) => a + b, 0);
function byOp<T extends { op: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.op, [...(groups.get(item.op) ?? []), item]);
  return groups;
}

/** Nodes, operations and bytes per op type, as our graph has them before onnxruntime fuses anything. */
function paper({ program }: Captured): string {
  const nodes = program.graph.nodes.map((n) => ({ op: n.op, ...costOf(n) }));
  const rows = [...byOp(nodes)].map(
    ([op, list]) =>
      [op, list.length, sum(list.map((n) => n.flops)) / 1e6, sum(list.map((n) => n.bytes)) / 1e6] as const,
  );
  const total = ['all', nodes.length, sum(rows.map((r) => r[2])), sum(rows.map((r) => r[3]))] as const;
  return pad([
    ['op', 'nodes', 'Mflop', 'MB'],
    ...[...rows.sort((a, b) => b[3] - a[3]), total].map(([op, n, f, b]) => [op, n, f.toFixed(2), b.toFixed(2)]),
  ]);
}
function measured(times: readonly Timed[], top: number): string {
  const total = sum(times.map((t) => t.ms));
  const share = (ms: number) => `${((100 * ms) / total).toFixed(1)} %`;
  const ops = [...byOp(times)]
    .map(([op, list]) => ({ op, count: sum(list.map((t) => t.count)), ms: sum(list.map((t) => t.ms)) }))
    .sort((a, b) => b.ms - a.ms);
  const heavy = times.toSorted((a, b) => b.ms - a.ms).slice(0, top);
  return `${pad([['op', 'runs', 'ms', 'share'], ...ops.map((o) => [o.op, o.count, o.ms.toFixed(3), share(o.ms)]), ['all', sum(times.map((t) => t.count)), total.toFixed(3), '']])}\n\nheaviest:\n${pad([['op', 'runs', 'ms', 'share', 'shapes'], ...heavy.map((t) => [t.op, t.count, t.ms.toFixed(3), share(t.ms), t.detail])])}`;
}

async function main(): Promise<void> {
  const {
    values,
    positionals: [name],
  } = parseArgs({
    allowPositionals: true,
    options: { batch: { type: 'string' }, on: { type: 'string' }, top: { type: 'string' } },
  });
  const on = values.on ?? 'cpu';
  if (!name || !['cpu', 'wasm'].includes(on)) throw new Error(`${USAGE}\nknown: ${known()}`);
  useNative();
  const captured = await capture(name, values.batch === undefined ? undefined : Number(values.batch));
  console.log(`${captured.name}: on paper\n${paper(captured)}\n`);
  const whole = await wholeStep(captured, on === 'cpu' ? 'native' : 'wasm');
  console.log(
    `one step on ${on === 'cpu' ? 'onnxruntime-node' : 'WebAssembly, one thread'}: ${whole.toFixed(2)} ms of processor time; by op type:`,
  );
  console.log(
    measured(
      on === 'cpu' ? await nativeProfile(captured) : await microRuns(captured, (line) => console.error(line)),
      Number(values.top ?? 15),
    ),
  );
}

try {
  await main();
} catch (error) {
  console.error(
    (error as Error).message.startsWith('usage') || (error as Error).message.startsWith('profile:')
      ? (error as Error).message
      : (error as Error).stack,
  );
  process.exit(1);
}
process.exit(0);
