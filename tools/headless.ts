// What the headless commands share: arguments, live progress on a terminal, tables.
import { parseArgs } from 'node:util';
import { fitKnob } from '../src/labs/_kit/contract/knobs.ts';
import type { Control, Knobs, LabMeta } from '../src/labs/_kit/contract/meta.ts';
import type { Backend } from '../src/engine/engine.ts';
import { intervalText, standingText } from '../src/labs/_kit/claims/words.ts';
import type { ClaimResult, RunResult } from '../src/labs/_kit/contract/result.ts';
import type { Share } from '../src/labs/_kit/run/share.ts';
import type { RunEvent, RunRequest, ShareEvent } from '../src/runtime/wire/protocol.ts';
import { createNodeClient } from '../src/runtime/node/node-client.ts';
import { loadLab, labSlugs, openNodeHost } from '../src/runtime/node/node-host.ts';
import { mergedCommand, readShard, readShardFile, UsageError, writeShard } from './shards.ts';

export const BACKENDS: readonly Backend[] = ['cpu', 'wasm', 'webgpu'];
export interface Command {
  slug: string;
  meta: LabMeta;
  seeds: number[];
  knobs: Knobs;
  backend: Backend;
  json?: string;
  /** Options that only this command has. */
  extra: Record<string, string | undefined>;
  /** Threads that share the run; every core unless given. */
  workers?: number;
  /** Threads of each worker's engine. */
  threads?: number;
  /** Only this share is run, and written to `out`. */
  shard?: Share;
  out?: string;
  /** Shares to put together instead of running. */
  merge: string[];
}

/** Reads the command line. @throws UsageError that lists what is known. */
export async function readCommand(
  usage: string,
  defaultSeeds: (meta: LabMeta) => number,
  extra: readonly string[] = [],
): Promise<Command> {
  const { values, positionals } = parse(usage, extra);
  const [slug, ...more] = positionals;
  const loaded = slug ? await loadLab(slug) : null;
  if (!loaded)
    throw new UsageError(`${slug ? `unknown lab "${slug}"` : usage}\nknown labs: ${labSlugs().join(', ') || 'none'}`);
  const { meta } = loaded;
  if (values.merge) return { slug, ...mergedCommand(meta, more), json: values.json, merge: more, extra: {} };
  const backend = (values.ep ?? 'cpu') as Backend;
  if (!BACKENDS.includes(backend))
    throw new UsageError(`--ep: expected one of ${BACKENDS.join(', ')}; got ${values.ep}`);
  return {
    slug,
    meta,
    backend,
    json: values.json,
    workers: readWhole('workers', values.workers),
    threads: readWhole('threads', values.threads),
    shard: values.shard === undefined ? undefined : readShard(values.shard),
    out: values.out,
    merge: [],
    seeds: readSeeds(values.seeds ?? String(defaultSeeds(meta))),
    knobs: readKnobs(meta, [...(values.set ?? []), ...more]),
    extra: Object.fromEntries(extra.map((name) => [name, (values as Record<string, string | undefined>)[name]])),
  }; // --set a=1 b=2: the second is a positional
}

/** Links carry seeds up to this one; saved runs hold this many. */
const MAX_SEED = 999_999;
const MAX_SEEDS = 128;

/** "3" -> 1, 2, 3; "11,12,13" -> those; "11," -> 11 alone. @throws UsageError */
export function readSeeds(text: string): number[] {
  const expected = `--seeds: expected a count from 1, or different seeds from 0 to ${MAX_SEED} with commas between them (11,12,13; 11, for one)`;
  const refuse = (why: string): never => {
    throw new UsageError(`${expected}; got "${text}"${why}`);
  };
  if (!/^\d+(,\d+)*,?$/.test(text)) refuse('');
  const numbers = text.replace(/,$/, '').split(',').map(Number);
  if (!text.includes(',')) {
    const [count] = numbers;
    if (count < 1 || count > MAX_SEEDS) refuse(`: a count is from 1 to ${MAX_SEEDS}`);
    return Array.from({ length: count }, (_, i) => i + 1);
  }
  const doubled = numbers.find((seed, i) => numbers.indexOf(seed) < i);
  if (doubled !== undefined) refuse(`: ${doubled} is there twice`);
  if (numbers.length > MAX_SEEDS || numbers.some((seed) => seed > MAX_SEED)) refuse('');
  return numbers;
}

function parse(usage: string, extra: readonly string[]) {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seeds: { type: 'string' },
        set: { type: 'string', multiple: true },
        ep: { type: 'string' },
        json: { type: 'string' },
        ...Object.fromEntries(extra.map((name) => [name, { type: 'string' as const }])),
        workers: { type: 'string' },
        threads: { type: 'string' },
        shard: { type: 'string' },
        out: { type: 'string' },
        merge: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

function readWhole(name: string, text: string | undefined): number | undefined {
  const value = Number(text);
  if (text !== undefined && (!Number.isInteger(value) || value < 1))
    throw new UsageError(`--${name}: expected a whole number from 1; got ${text}`);
  return text === undefined ? undefined : value;
}

function readKnobs(meta: LabMeta, settings: string[]): Knobs {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, name, text] = /^([^=]+)=(.*)$/.exec(setting) ?? [];
      if (name === undefined) throw new UsageError(`--set: expected knob=value; got "${setting}"`);
      const control = Object.hasOwn(meta.controls, name) ? meta.controls[name] : undefined;
      if (!control)
        throw new UsageError(
          `unknown knob "${name}"; known: ${
            Object.entries(meta.controls)
              .map(([k, c]) => `${k} (${rangeOf(c)})`)
              .join(', ') || 'none'
          }`,
        );
      return [name, readKnob(name, control, text)];
    }),
  );
}

function readKnob(name: string, control: Control, text: string) {
  const value =
    control.kind === 'number'
      ? Number(text)
      : control.kind === 'toggle'
        ? ({ true: true, false: false }[text] ?? text)
        : text;
  if (value === '' || !Object.is(fitKnob(control, value), value))
    throw new UsageError(`--set ${name}: expected ${rangeOf(control)}; got "${text}"`);
  return value;
}
function rangeOf(control: Control): string {
  if (control.kind === 'number') return `${control.integer ? 'whole ' : ''}${control.min}..${control.max}`;
  return control.kind === 'toggle' ? 'true or false' : control.options.map((o) => o.value).join(' or ');
}

/** Runs the command to its end (or puts shares together), showing progress on the error stream. */
export async function runCommand(command: Command): Promise<RunResult> {
  const screen = new Screen();
  try {
    const result = await (command.merge.length
      ? mergeShares(command)
      : runWhole(command, (event) => screen.show(event)));
    if (!result) throw new Error('the run was stopped');
    return result;
  } finally {
    screen.end();
  }
}

/** Runs one share of the command and writes it to a file, whose name it gives. */
export async function runShard(command: Command, shard: Share): Promise<string> {
  const screen = new Screen();
  const host = await openNodeHost(command.backend, command.threads ?? 1);
  try {
    const outcome = await host.runShare({ ...requestOf(command), share: shard }, (event) => screen.show(event));
    if (!outcome) throw new Error('the run was stopped');
    const file = command.out ?? `${command.slug}.${shard.index + 1}-of-${shard.of}.shard`;
    writeShard(file, command, outcome);
    return file;
  } finally {
    screen.end();
    await host.dispose();
  }
}

/** On worker threads; on a GPU in this one. */
async function runWhole(command: Command, onEvent: (event: RunEvent) => void): Promise<RunResult | null> {
  const { backend, workers, threads } = command;
  if (backend === 'webgpu') {
    const host = await openNodeHost(backend);
    return host.run(requestOf(command), onEvent).finally(() => host.dispose());
  }
  const client = createNodeClient({ backend, ...(threads ? { threads } : {}) });
  return client.run({ ...requestOf(command), workers }, onEvent).finally(() => client.dispose());
}

async function mergeShares(command: Command): Promise<RunResult | null> {
  const host = await openNodeHost(command.backend);
  const outcomes = command.merge.map((file) => readShardFile(file).outcome);
  return host.merge(requestOf(command), outcomes, () => undefined).finally(() => host.dispose());
}

const requestOf = ({ slug, knobs, seeds }: Command): RunRequest => ({ slug, knobs, seeds, backend: 'auto' });

/** One line that moves on a terminal; a line every few seconds elsewhere. */
class Screen {
  private last = 0;
  private isOpen = false;
  show(event: ShareEvent): void {
    if (event.type === 'status') this.line(event.text);
    if (event.type === 'workers' && event.of > 1) this.line(`${event.of} workers (${event.reason})`);
    if (event.type === 'notice') this.line(`note: ${event.text}`);
    if (event.type === 'progress') this.progress(event);
  }
  end(): void {
    if (this.isOpen) process.stderr.write('\n');
    this.isOpen = false;
  }

  private line(text: string): void {
    this.end();
    process.stderr.write(`${text}\n`);
  }
  private progress({ done, total, stepMs, leftMs }: Extract<RunEvent, { type: 'progress' }>): void {
    const isTty = process.stderr.isTTY === true;
    const now = performance.now();
    if (now - this.last < (isTty ? 200 : 5000) && done < total) return;
    this.last = now;
    const text = `${done}/${total} steps, ${stepMs.toFixed(2)} ms a step, ${(leftMs / 1000).toFixed(0)} s left`;
    if (!isTty) return this.line(text);
    process.stderr.write(`\r${text.padEnd(70)}`);
    this.isOpen = true;
  }
}

/** Arms in rows, metrics in columns: mean over seeds, with the deviation where there are several. */
export function finalsTable(result: RunResult, meta: LabMeta): string {
  const metrics = Object.keys(meta.metrics).filter((m) => result.arms.some((arm) => arm.final[m]));
  const rows = [
    ['arm', ...metrics],
    ...result.arms.map((arm) => [arm.label, ...metrics.map((m) => spread(arm.final[m] ?? []))]),
  ];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => cell.padEnd(widths[c]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
function spread(values: number[]): string {
  if (!values.length) return '-';
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length === 1) return mean.toPrecision(4);
  const deviation = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1));
  return `${mean.toPrecision(4)} ±${deviation.toPrecision(2)}`;
}

const shortNumber = (value: number): string => value.toPrecision(4);

/** One line a check: verdict, what was measured with its interval, what was asked, and what is left open. */
export const claimLines = (result: RunResult): string =>
  [
    ...(result.shortfall ? [`this run does not decide the checks: ${result.shortfall}`] : []),
    ...result.claims.map((claim) => claimLine(claim, !result.shortfall)),
  ].join('\n');
function claimLine(claim: ClaimResult, canDecide: boolean): string {
  const { measured, required, note } = claim;
  const interval = intervalText(claim, shortNumber);
  const value = measured === null ? 'not measured' : shortNumber(measured);
  const rest = [standingText(claim, undefined, canDecide), note].filter(Boolean).map((text) => `; ${text}`);
  return `${claim.verdict.padEnd(15)} ${claim.text}: ${value}${interval ? ` [${interval}]` : ''} (${claim.threshold})${required ? '' : ', reported only'}${rest.join('')}`;
}

/** `result` as plain JSON: numbers to 6 significant digits, typed arrays as lists, what is not finite as null. */
export function toJson(result: RunResult): string {
  const plain = (_: string, value: unknown) => {
    if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
    return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  };
  return `${JSON.stringify(result, plain)}\n`;
}

/** Runs `main`, turning errors into a message and an exit code. */
export async function command(main: () => Promise<void>): Promise<never> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    const { wire } = error as { wire?: { remedy: string; stack?: string } };
    console.error(error instanceof UsageError ? error.message : (wire?.stack ?? (error as Error).stack));
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}
