// Runs that come from outside: a saved file, a link, this device's storage. Whatever they hold, reading gives a valid run of
// this lab or says why not. In a link a run is its JSON, thinned, as deflate-raw in base64url: `x=...`.
import { z } from 'zod';
import { fitKnob } from '../../labs/_kit/contract/knobs.ts';
import type { Control, Knobs, LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { ArmResult, RunResult, Series } from '../../labs/_kit/contract/result.ts';
import { fromBase64, toBase64 } from '../../util/base64.ts';
import { MAX_SEED, MAX_SEEDS } from '../link.ts';

const LIMITS = {
  seeds: 128,
  arms: 128,
  claims: 64,
  text: 2_000,
  /** Points of all curves together. */
  filePoints: 500_000,
  fileBytes: 48 * 2 ** 20,
  linkPoints: 40_000,
  linkLetters: 60_000,
  unpackedBytes: 2 * 2 ** 20,
  /** Points of one curve in a link, at most. */
  curvePoints: 80,
};

/** Half of a pair of code units, which no address can hold, becomes the sign for an unreadable letter. */
const wellFormed = (value: string): string => value.replace(/\p{Surrogate}/gu, '\uFFFD');
const text = z.string().max(LIMITS.text).transform(wellFormed);
/** A name that a look-up by name cannot mistake for what every object has. */
const name = z
  .string()
  .max(LIMITS.text)
  .refine((key) => !(key in Object.prototype) && wellFormed(key) === key, 'is no possible name');
const verdict = z.enum(['reproduced', 'not-reproduced', 'undecided']);
/** JSON writes what is not finite as null: no value. */
const time = z
  .number()
  .nonnegative()
  .nullable()
  .transform((ms) => ms ?? 0);
const value = z
  .number()
  .nullable()
  .transform((v) => v ?? Number.NaN);
const seed = z
  .number()
  .int()
  .min(0)
  .max(MAX_SEED + MAX_SEEDS);

const isPoint = (point: unknown): point is [number, number | null] =>
  Array.isArray(point) &&
  point.length === 2 &&
  Number.isFinite(point[0]) &&
  (point[1] === null || Number.isFinite(point[1]));
const series = z.array(z.unknown()).transform((points, context): Series => {
  const at = points.findIndex((point) => !isPoint(point));
  if (at >= 0) {
    context.addIssue({ code: 'custom', path: [at], message: 'expected [step, value] with two numbers' });
    return z.NEVER;
  }
  return (points as [number, number | null][]).map(([step, v]) => [step, v ?? Number.NaN]);
});
const arm = z.object({
  id: name,
  label: text,
  x: z
    .number()
    .nullish()
    .transform((x) => x ?? undefined),
  series: z.array(z.record(name, series)).max(LIMITS.seeds),
  final: z.record(name, z.array(value).max(LIMITS.seeds)),
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
const runSchema = z
  .object({
    version: z.literal(1),
    slug: text,
    labVersion: z.number(),
    backend: z.enum(['cpu', 'wasm', 'webgpu']),
    seeds: z.array(seed).min(1).max(LIMITS.seeds),
    knobs: z.record(name, z.union([z.number(), text, z.boolean()])),
    arms: z.array(arm).max(LIMITS.arms),
    claims: z.array(claim).max(LIMITS.claims),
    verdict,
    shortfall: text.optional(),
    wallMs: time,
    stepMs: time,
  })
  .superRefine(({ seeds, arms }, context) => {
    if (new Set(seeds).size < seeds.length)
      context.addIssue({ code: 'custom', path: ['seeds'], message: 'a seed comes twice' });
    const odd = arms.findIndex((one) => one.series.length !== seeds.length);
    if (odd >= 0)
      context.addIssue({
        code: 'custom',
        path: ['arms', odd, 'series'],
        message: `expected one entry for each of ${seeds.length} seeds; got ${arms[odd].series.length}`,
      });
  });

/** What reading a run needs to know of its lab. */
export type RunMeta = Pick<LabMeta, 'slug' | 'title' | 'version' | 'controls'>;
export type ReadRun = { run: RunResult } | { problem: string };

/** A run of the lab `meta` from foreign JSON; `where` names it in the problem ("results.json", "The run in this link"). */
export function readRun(meta: RunMeta, json: string, where: string, mostPoints = LIMITS.filePoints): ReadRun {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return {
      problem: `${where} is not JSON, or was cut off. Choose a file that “Save this run (JSON)” or “npm run lab -- ${meta.slug} --json FILE” wrote.`,
    };
  }
  return checkRun(meta, value, where, mostPoints);
}

/** The same for JSON that is parsed already. */
export function checkRun(meta: RunMeta, value: unknown, where: string, mostPoints = LIMITS.filePoints): ReadRun {
  const { version, slug } = (value ?? {}) as { version?: unknown; slug?: unknown };
  if (typeof version === 'number' && version > 1)
    return {
      problem: `${where} was written by a newer version of this page (format ${version}). Reload the page to get the newest version.`,
    };
  if (typeof slug === 'string' && slug !== meta.slug)
    return {
      problem: `${where} is a run of the lab “${wellFormed(slug.slice(0, 40))}”, not of “${meta.title}”. Open it there.`,
    };
  const points = countPoints(value);
  if (points > mostPoints)
    return {
      problem: `${where} holds ${points.toLocaleString('en')} points, more than the ${mostPoints.toLocaleString('en')} that this page shows. Record fewer steps or seeds.`,
    };
  const read = runSchema.safeParse(value);
  const problem = read.success
    ? oddKnob(meta, read.data.labVersion, read.data.knobs)
    : `${placeOf(read.error.issues[0].path)}${read.error.issues[0].message.slice(0, 120)}`;
  if (read.success && problem === null) return { run: read.data };
  return { problem: `${where} is not a run: ${problem}. Choose a file that “Save this run (JSON)” wrote.` };
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.length ? `“${wellFormed(path.map(String).join('.').slice(0, 60))}”: ` : '';

/** Points of all curves, counted before any of them is looked at closely. */
function countPoints(value: unknown): number {
  let count = 0;
  const { arms } = (value ?? {}) as { arms?: unknown };
  for (const one of Array.isArray(arms) ? arms : [])
    for (const perSeed of Array.isArray(one?.series) ? one.series : [])
      for (const curve of Object.values((perSeed ?? {}) as object)) count += Array.isArray(curve) ? curve.length : 0;
  return count;
}

/** What a run says of a knob that this version of the lab cannot be set to; null when all is well. */
function oddKnob(meta: RunMeta, labVersion: number, knobs: Knobs): string | null {
  if (labVersion !== meta.version) return null;
  for (const [knob, control] of Object.entries(meta.controls) as [string, Control][])
    if (Object.hasOwn(knobs, knob) && fitKnob(control, knobs[knob]) !== knobs[knob])
      return `“${control.label}” cannot be ${wellFormed(String(knobs[knob]).slice(0, 24))} in this lab`;
  return null;
}

/** @throws nothing; a file too large to be a run is a problem as well */
export async function readRunFile(meta: RunMeta, file: File): Promise<ReadRun> {
  const called = `“${wellFormed(file.name.slice(0, 60))}”`;
  if (file.size > LIMITS.fileBytes)
    return { problem: `${called} has ${(file.size / 2 ** 20).toFixed(0)} MB, too large to be a saved run.` };
  try {
    return readRun(meta, await file.text(), called);
  } catch {
    return { problem: `${called} could not be read. Is it still where it was?` };
  }
}

// ---------------------------------------------------------------- in a link

/** At most `most` points, first and last among them, with five significant digits. */
function thinned(points: Series, most: number): Series {
  const last = points.length - 1;
  const every = Math.max(1, last / (most - 1));
  const short = (v: number) => Number(v.toPrecision(5));
  const kept = points.length <= most ? points : Array.from({ length: most }, (_, i) => points[Math.round(i * every)]);
  return kept.map(([step, v]) => [short(step), short(v)]);
}

/** A run without pictures and with thinned curves, small enough for a link or for this device's storage. */
export function lightRun(full: RunResult): RunResult {
  const { pictures: _, ...run } = full;
  const curves = run.arms.reduce(
    (sum, one) => sum + one.series.reduce((n, perSeed) => n + Object.keys(perSeed).length, 0),
    0,
  );
  const most = Math.max(2, Math.min(LIMITS.curvePoints, Math.floor(LIMITS.linkPoints / Math.max(1, curves))));
  const light = (one: ArmResult): ArmResult => ({
    ...one,
    examples: undefined,
    series: one.series.map((perSeed) =>
      Object.fromEntries(Object.entries(perSeed).map(([metric, points]) => [metric, thinned(points, most)])),
    ),
  });
  return { ...run, arms: run.arms.map(light) };
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

/** A browser without CompressionStream can neither write nor read such links. */
const packing = (): boolean => typeof CompressionStream === 'function' && typeof DecompressionStream === 'function';

/** A run as the value of `x` in a link; null where this browser cannot pack. */
export async function packRun(run: RunResult): Promise<string | null> {
  if (!packing()) return null;
  const json = new TextEncoder().encode(JSON.stringify(lightRun(run)));
  const packed = await piped(json, new CompressionStream('deflate-raw'));
  return toBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The run that a link brings. */
export async function unpackRun(meta: RunMeta, packed: string): Promise<ReadRun> {
  const settings = 'Its settings were taken all the same: press Run to make the run again';
  if (!packing())
    return {
      problem: `This browser is too old to unpack the run in this link (it has no DecompressionStream). ${settings}, or ask for the run as a file (“Save this run (JSON)”).`,
    };
  const broken = {
    problem: `The run in this link cannot be read; the link was cut off or changed on its way. ${settings}.`,
  };
  const letters = packed
    .replace(/%2D/gi, '-')
    .replace(/%5F/gi, '_')
    .replace(/[\s=.,;:!?)>\]}'"]+$/, '');
  if (letters.length > LIMITS.linkLetters) return broken;
  try {
    const bytes = Uint8Array.from(fromBase64(letters.replaceAll('-', '+').replaceAll('_', '/')));
    const json = await piped(bytes, new DecompressionStream('deflate-raw'), LIMITS.unpackedBytes);
    return readRun(meta, new TextDecoder().decode(json), 'The run in this link', LIMITS.linkPoints);
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
