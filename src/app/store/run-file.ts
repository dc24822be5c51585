// Runs that come from outside: a saved file, a link, this device's storage. Whatever they hold, reading gives a valid run of
// this lab or says why not. In a link a run is its JSON, thinned, as deflate-raw in base64url: `x=...`.
import { z } from 'zod';
import type { LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { RunResult, Series } from '../../labs/_kit/contract/result.ts';
import { fromBase64, toBase64 } from '../../util/base64.ts';

const LIMITS = {
  seeds: 128,
  arms: 128,
  points: 50_000,
  claims: 64,
  text: 2_000,
  fileBytes: 64 * 2 ** 20,
  linkLetters: 60_000,
  unpackedBytes: 4 * 2 ** 20,
  linkPoints: 80,
};

const text = z.string().max(LIMITS.text);
const verdict = z.enum(['reproduced', 'not-reproduced', 'undecided']);
/** JSON writes what is not finite as null: no value. */
const value = z
  .number()
  .nullable()
  .transform((v) => v ?? NaN);
const series = z.array(z.tuple([z.number(), value])).max(LIMITS.points);
const arm = z.object({
  id: text,
  label: text,
  x: z.number().optional(),
  series: z.array(z.record(text, series)).max(LIMITS.seeds),
  final: z.record(text, z.array(value).max(LIMITS.seeds)),
});
/** Of an interval; missing in files of before there were any. */
const number = z.number().nullish();
const claim = z.object({
  id: text,
  text,
  measured: z.number().nullable(),
  threshold: text,
  verdict,
  required: z.boolean(),
  note: text.optional(),
  margin: z.union([z.strictObject({ atLeast: z.number() }), z.strictObject({ below: z.number() })]).optional(),
  low: number,
  high: number,
  df: number,
  se: number,
  n: z.number().int().min(0).optional(),
  needs: number,
  points: z.enum(['for', 'against']).nullish(),
  parts: z.number().int().min(1).optional(),
  part: text.optional(),
  isRatio: z.boolean().optional(),
});
/** A run without its pictures: they are drawn by code and not taken from outside. */
export const runSchema = z.object({
  version: z.literal(1),
  slug: text,
  labVersion: z.number(),
  backend: z.enum(['cpu', 'wasm', 'webgpu']),
  seeds: z.array(z.number().int()).min(1).max(LIMITS.seeds),
  knobs: z.record(text, z.union([z.number(), text, z.boolean()])),
  arms: z.array(arm).max(LIMITS.arms),
  claims: z.array(claim).max(LIMITS.claims),
  verdict,
  shortfall: text.optional(),
  wallMs: z.number(),
  stepMs: z.number(),
});

export type ReadRun = { run: RunResult } | { problem: string };

/** A run of the lab `meta` from foreign JSON; `where` names it in the problem ("results.json", "The run in this link"). */
export function readRun(meta: Pick<LabMeta, 'slug' | 'title'>, json: string, where: string): ReadRun {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return {
      problem: `${where} is not JSON, or was cut off. Choose a file that “Save this run (JSON)” or “npm run lab -- ${meta.slug} --json FILE” wrote.`,
    };
  }
  const { version, slug } = (value ?? {}) as { version?: unknown; slug?: unknown };
  if (typeof version === 'number' && version > 1)
    return {
      problem: `${where} was written by a newer version of this page (format ${version}). Reload the page to get the newest version.`,
    };
  if (typeof slug === 'string' && slug !== meta.slug)
    return { problem: `${where} is a run of the lab “${slug.slice(0, 40)}”, not of “${meta.title}”. Open it there.` };
  const read = runSchema.safeParse(value);
  if (read.success) return { run: read.data };
  const [{ path, message }] = read.error.issues;
  return {
    problem: `${where} is not a run: ${path.length ? `“${path.join('.').slice(0, 60)}”: ` : ''}${message.slice(0, 120)}. Choose a file that “Save this run (JSON)” wrote.`,
  };
}

/** @throws nothing; a file too large to be a run is a problem as well */
export async function readRunFile(meta: Pick<LabMeta, 'slug' | 'title'>, file: File): Promise<ReadRun> {
  const name = `“${file.name.slice(0, 60)}”`;
  if (file.size > LIMITS.fileBytes)
    return { problem: `${name} has ${(file.size / 2 ** 20).toFixed(0)} MB, too large to be a saved run.` };
  try {
    return readRun(meta, await file.text(), name);
  } catch {
    return { problem: `${name} could not be read. Is it still where it was?` };
  }
}

// ---------------------------------------------------------------- in a link

/** At most `LIMITS.linkPoints` points, first and last among them, with five significant digits. */
function thinned(points: Series): Series {
  const last = points.length - 1;
  const every = Math.max(1, last / (LIMITS.linkPoints - 1));
  const short = (v: number) => Number(v.toPrecision(5));
  const kept =
    points.length <= LIMITS.linkPoints
      ? points
      : Array.from({ length: LIMITS.linkPoints }, (_, i) => points[Math.round(i * every)]);
  return kept.map(([step, value]) => [short(step), short(value)]);
}

const piped = async (
  bytes: Uint8Array<ArrayBuffer>,
  through: ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>,
  limit = Infinity,
): Promise<Uint8Array> => {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    parts.push(value);
    if ((length += value.length) > limit) {
      await reader.cancel();
      throw new RangeError('too long');
    }
  }
};

/** A run as the value of `x` in a link. */
export async function packRun(run: RunResult): Promise<string> {
  const { pictures: _, ...rest } = run;
  const light = {
    ...rest,
    arms: run.arms.map((arm) => ({
      ...arm,
      series: arm.series.map((seed) =>
        Object.fromEntries(Object.entries(seed).map(([metric, points]) => [metric, thinned(points)])),
      ),
    })),
  };
  const packed = await piped(new TextEncoder().encode(JSON.stringify(light)), new CompressionStream('deflate-raw'));
  return toBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The run that a link brings. */
export async function unpackRun(meta: Pick<LabMeta, 'slug' | 'title'>, packed: string): Promise<ReadRun> {
  const broken = {
    problem:
      'The run in this link cannot be read; the link was cut off or changed on its way. Its settings were taken all the same: press Run to make the run again.',
  };
  if (packed.length > LIMITS.linkLetters) return broken;
  try {
    const bytes = Uint8Array.from(fromBase64(packed.replaceAll('-', '+').replaceAll('_', '/')));
    return readRun(
      meta,
      new TextDecoder().decode(await piped(bytes, new DecompressionStream('deflate-raw'), LIMITS.unpackedBytes)),
      'The run in this link',
    );
  } catch {
    return broken;
  }
}

/** Takes the run out of a link's query: what is left are settings. */
export function splitRun(query: string): { query: string; packed: string | null } {
  const pairs = query.replace(/^\?/, '').split('&');
  const runs = pairs.filter((pair) => pair.startsWith('x='));
  return {
    query: pairs.filter((pair) => !pair.startsWith('x=')).join('&'),
    packed: runs.length ? runs[0].slice(2) : null,
  };
}
