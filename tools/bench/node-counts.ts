// Node counts of the reference models' train steps: `npx tsx tools/bench/node-counts.ts --write` records them.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { workloads } from './workload.ts';

export const COUNTS_FILE = fileURLToPath(new URL('node-counts.json', import.meta.url));
/** `built`: as autodiff leaves the step; `nodes`: after our passes; `kernels`: without the reshapes, which move nothing. */
export interface Counts {
  built: number;
  nodes: number;
  kernels: number;
}

export function countNodes(): Record<string, Counts> {
  return Object.fromEntries(
    Object.values(workloads).map(({ id, build, batches }) => {
      const { graph, report } = build(batches.wasm[0]).program;
      return [
        id,
        {
          built: report.before,
          nodes: graph.nodes.length,
          kernels: graph.nodes.filter((n) => n.op !== 'Reshape').length,
        },
      ];
    }),
  );
}
export const recordedCounts = (): Record<string, Counts> =>
  JSON.parse(readFileSync(COUNTS_FILE, 'utf8')) as Record<string, Counts>;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const counts = countNodes();
  const lines = Object.entries(counts).map(
    ([id, c]) => `  ${JSON.stringify(id)}: ${JSON.stringify(c).replaceAll(/([:,])/g, '$1 ')}`,
  );
  console.log(lines.join('\n'));
  if (process.argv.includes('--write')) writeFileSync(COUNTS_FILE, `{\n${lines.join(',\n')}\n}\n`);
}
