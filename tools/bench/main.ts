// npm run bench: the same train steps in our engine, jax-js and TensorFlow.js, in headless Chromium or in Node.
import { writeFileSync } from 'node:fs';
import { loadavg, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { EngineId, Target } from './contender.ts';
import type { Row, RowRequest } from './measure.ts';
import { openingTable, type Opening, type OpeningRequest } from './opening.ts';
import { plotSvg } from './plot.ts';
import { measureScaling, panels, scalingReport } from './scaling.ts';
import { benchTable, disagreements } from './table.ts';
import { workloads, type Scale, type WorkloadId } from './workload.ts';

const USAGE = `usage: npm run bench -- [options]
  --quick              the smaller batch only, WebGPU for the MLP only: about two minutes
  --only cnn,vit       steps: ${Object.keys(workloads).join(', ')}
  --on wasm,webgpu     backends; with --node also cpu (native onnxruntime, ours alone)
  --engines ours,tfjs  engines: ours, jax-js, tfjs
  --rounds 7           interleaved rounds per row
  --batch 8            this batch size instead of the two of the table
  --threads            a cross-origin isolated page: WASM with threads
  --flags "..."        further flags of Chromium
  --gpu                batch sizes for a real GPU even if the adapter looks like a software one
  --node               in Node instead of Chromium (WebGPU by Dawn: package webgpu, and VK_DRIVER_FILES for a driver)
  --scaling            our step time against batch, width and depth of an MLP instead of the table: about five minutes
  --svg FILE           with --scaling: the plots
  --opening            what opening a step costs in a fresh page instead of the table (Chromium only)
  --json FILE          every round of every engine`;

interface Host {
  /** Where the rows run, for the heading. */
  describe: string;
  isSoftware: boolean;
  threads: number;
  row(request: RowRequest, log: (line: string) => void): Promise<Row>;
  opening?(request: OpeningRequest): Promise<Opening>;
  close(): Promise<void>;
}
const log = (line: string) => process.stderr.write(`${line}\n`);

async function openHost(flags: {
  node: boolean;
  threads: boolean;
  flags: string[];
  quick: boolean;
  targets: Target[];
}): Promise<Host> {
  if (flags.node) return (await import('./in-node.ts')).openNodeBench(flags.targets);
  const { BrowserBench } = await import('./browser.ts');
  const bench = await BrowserBench.open({
    threads: flags.threads,
    flags: flags.flags,
    timeoutMs: flags.quick ? 60_000 : 400_000,
  });
  const { webgpu, threads } = bench.device;
  return {
    describe: `${bench.version}, WASM with ${threads} thread${threads > 1 ? 's' : ''}; WebGPU: ${webgpu.reason}`,
    isSoftware: webgpu.isFallback === true,
    threads,
    row: (request, say) => bench.row(request, say),
    opening: (request) => bench.opening(request),
    close: () => bench.close(),
  };
}

function read() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      on: { type: 'string' },
      engines: { type: 'string' },
      rounds: { type: 'string' },
      batch: { type: 'string' },
      threads: { type: 'boolean' },
      flags: { type: 'string' },
      gpu: { type: 'boolean' },
      node: { type: 'boolean' },
      json: { type: 'string' },
      scaling: { type: 'boolean' },
      opening: { type: 'boolean' },
      svg: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const list = <T extends string>(
    name: 'only' | 'on' | 'engines',
    known: readonly T[],
    standard: readonly T[],
  ): T[] => {
    const given = values[name]?.split(',') ?? [...standard];
    for (const item of given)
      if (!known.includes(item as T)) throw new Error(`--${name}: expected some of ${known.join(', ')}; got "${item}"`);
    return given as T[];
  };
  return {
    quick: values.quick ?? false,
    node: values.node ?? false,
    threads: values.threads ?? false,
    gpu: values.gpu ?? false,
    json: values.json,
    scaling: values.scaling ?? false,
    opening: values.opening ?? false,
    svg: values.svg,
    flags: values.flags?.split(/\s+/) ?? [],
    rounds: Number(values.rounds ?? (values.quick ? 3 : 7)),
    batch: values.batch === undefined ? null : Number(values.batch),
    ids: list('only', Object.keys(workloads) as WorkloadId[], Object.keys(workloads) as WorkloadId[]),
    targets: list<Target>('on', values.node ? ['wasm', 'webgpu', 'cpu'] : ['wasm', 'webgpu'], ['wasm', 'webgpu']),
    engines: list<EngineId>('engines', ['ours', 'jax-js', 'tfjs'], ['ours', 'jax-js', 'tfjs']),
  };
}
type Options = ReturnType<typeof read>;

function plan({ ids, targets, quick, gpu, batch, engines, rounds }: Options, isSoftware: boolean): RowRequest[] {
  return targets.flatMap((target) =>
    ids.flatMap((workload) => {
      if (quick && target === 'webgpu' && isSoftware && workload !== 'mlp') return [];
      const scale: Scale = target !== 'webgpu' ? 'wasm' : isSoftware && !gpu ? 'software' : 'gpu';
      const both = workloads[workload].batches[scale];
      const batches = batch === null ? (quick ? both.slice(0, 1) : both) : [batch];
      return batches.map((size) => ({
        workload,
        batch: size,
        target,
        engines: target === 'cpu' ? ['ours' as const] : engines,
        rounds,
        budgetMs: quick ? 4000 : 30_000,
        warmMs: quick ? 800 : 4000,
      }));
    }),
  );
}

async function scaling({ targets, svg, json }: Options, host: Host): Promise<number> {
  const before = loadavg()[0];
  const measured = await measureScaling(targets, (request) => host.row(request, log)).finally(() => host.close());
  console.log(
    `${host.describe}. ${cpus().length} CPU cores; load average ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after (1 is this bench).\n\n${scalingReport(measured)}`,
  );
  if (svg) writeFileSync(svg, plotSvg(panels(measured), 'ms'));
  if (json) writeFileSync(json, `${JSON.stringify({ version: 1, machine: host.describe, measured }, null, 1)}\n`);
  return 0;
}

async function main(): Promise<number> {
  const options = read();
  const host = await openHost(options);
  return options.scaling ? scaling(options, host) : options.opening ? opening(options, host) : table(options, host);
}

async function opening(options: Options, host: Host): Promise<number> {
  const rows: Opening[] = [];
  try {
    if (!host.opening) throw new Error('--opening: expected Chromium; got --node');
    for (const { workload, batch, target } of plan({ ...options, quick: false }, host.isSoftware).filter(
      (r, i, all) => all.findIndex((o) => o.workload === r.workload && o.target === r.target) === i,
    ))
      rows.push(await host.opening({ workload, batch, target }));
  } finally {
    await host.close();
  }
  console.log(
    `${host.describe}. ${cpus().length} CPU cores; load average ${loadavg()[0].toFixed(1)} after. Milliseconds, in a fresh page each.\n\n${openingTable(rows)}`,
  );
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ version: 1, machine: host.describe, rows }, null, 1)}\n`);
  return 0;
}

async function table(options: Options, host: Host): Promise<number> {
  const rows: Row[] = [];
  const failures: string[] = [];
  const load = [loadavg()[0]];
  try {
    for (const request of plan(options, host.isSoftware)) {
      try {
        rows.push(await host.row(request, log));
      } catch (error) {
        failures.push(`${request.workload} ${request.batch} ${request.target}: ${(error as Error).message}`);
      }
      load.push(loadavg()[0]);
    }
  } finally {
    await host.close();
  }
  const machine = `${host.describe}. ${cpus().length} CPU cores; load average before each row ${load.map((l) => l.toFixed(1)).join(', ')} (1 is this bench).`;
  console.log(
    `${machine}\n${host.isSoftware ? 'The WebGPU adapter is a software one: its ratios say little about a GPU.\n' : ''}\n${benchTable(rows)}`,
  );
  for (const row of rows)
    for (const { engine, error } of row.engines)
      if (error) console.log(`${row.workload} ${row.batch} ${row.target}: ${engine} cannot: ${error}`);
  const wrong = rows.flatMap((row) =>
    disagreements(row).map((text) => `${row.workload} ${row.batch} ${row.target}: ${text}`),
  );
  for (const text of [...wrong, ...failures]) console.log(`FAILED ${text}`);
  if (options.json)
    writeFileSync(
      options.json,
      `${JSON.stringify({ version: 1, machine, software: host.isSoftware, threads: host.threads, rows }, null, 1)}\n`,
    );
  return wrong.length || failures.length || rows.some((row) => row.engines.some((e) => e.engine === 'ours' && e.error))
    ? 1
    : 0;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(
    (error as Error).message.startsWith('--') ? `${(error as Error).message}\n${USAGE}` : (error as Error).stack,
  );
  process.exit(1);
}
