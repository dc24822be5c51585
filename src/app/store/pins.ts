// Runs that the visitor keeps, per lab, on this device, and the last finished one. Several tabs share them.
import type { Knobs, LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { defaultKnobs } from '../../labs/_kit/contract/knobs.ts';
import { plural } from '../format.ts';
import { checkRun, lightRun, type RunMeta } from './run-file.ts';

export interface PinnedRun {
  id: string;
  name: string;
  result: RunResult;
  /** Came with a link, or was the last run: shown, but not kept unless the visitor says so. */
  isPassing?: boolean;
}

export const MAX_PINS = 12;
/** Longer runs are kept with thinned curves: all labs share some 5 million letters. */
const MAX_LETTERS = 200_000;
export const pinsKey = (slug: string): string => `paper-playground/pins/${slug}`;
const LAST = 'paper-playground/last/';

type Reading = Pick<Storage, 'getItem'>;
type Writing = Pick<Storage, 'getItem' | 'setItem'>;

const sorted = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** The same run has the same id in every tab, thinned or not: a hash of its settings and results (FNV-1a, 32 bits, twice). */
export function runId({ slug, labVersion, backend, seeds, wallMs, knobs, arms }: RunResult): string {
  const results = arms.map(({ id, final }) => [id, sorted(final)]);
  const json = JSON.stringify([slug, labVersion, backend, seeds, wallMs, sorted(knobs), results]);
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  return `r${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

/** The kept runs of a lab, oldest first, and what could not be read, in a sentence. */
export function loadPins(storage: Reading, meta: RunMeta): { pins: PinnedRun[]; notices: string[] } {
  const entries = parsed(storage.getItem(pinsKey(meta.slug)));
  if (entries === null) return { pins: [], notices: [] };
  const list = Array.isArray(entries) ? entries : [entries];
  const pins = list.map((entry) => readPin(meta, entry)).filter((pin) => pin !== null);
  const lost = list.length - pins.length;
  return {
    pins,
    notices: lost
      ? [`${plural(lost, 'kept run')} of this lab could not be read and ${lost === 1 ? 'is' : 'are'} left out.`]
      : [],
  };
}

function readPin(meta: RunMeta, entry: unknown): PinnedRun | null {
  const { id, name, result } = (entry ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof name !== 'string') return null;
  const read = checkRun(meta, result, 'A kept run');
  return 'run' in read ? { id: id.slice(0, 40), name: name.slice(0, 200), result: read.run } : null;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return [text]; // one entry that cannot be read
  }
}

const packed = (run: RunResult): RunResult => {
  const { pictures: _, ...plain } = run;
  return JSON.stringify(plain).length > MAX_LETTERS ? lightRun(run) : plain;
};

/**
 * Adds `kept` to what the storage holds (another tab may have written meanwhile), takes `removed` away, and keeps the newest.
 * Gives what is kept now; null where the device has no room.
 */
export function savePins(
  storage: Writing,
  meta: RunMeta,
  kept: readonly PinnedRun[],
  removed: ReadonlySet<string>,
): { pins: PinnedRun[]; notices: string[] } | null {
  const own = new Map(kept.map((pin) => [pin.id, pin]));
  const stored = loadPins(storage, meta).pins.filter(({ id }) => !removed.has(id));
  const known = new Set(stored.map(({ id }) => id));
  const all = [...stored.map((pin) => own.get(pin.id) ?? pin), ...kept.filter(({ id }) => !known.has(id))];
  const pins = all.slice(-MAX_PINS);
  const dropped = all.slice(0, -MAX_PINS).map(({ name }) => `“${name}”`);
  try {
    const written = pins.map(({ id, name, result }) => ({ id, name, result: packed(result) }));
    storage.setItem(pinsKey(meta.slug), JSON.stringify(written));
  } catch {
    return null;
  }
  const notices = dropped.length
    ? [
        `At most ${MAX_PINS} runs are kept for each lab: ${dropped.join(', ')} ${dropped.length > 1 ? 'were' : 'was'} dropped, as the oldest.`,
      ]
    : [];
  return { pins, notices };
}

// ---------------------------------------------------------------- the last finished run

/** Pictures last as long as the page. */
const withPictures = new Map<string, RunResult>();

/** Keeps the last result of a lab, or forgets it. Where there is no room, last runs of other labs make way. */
export function saveLast(
  storage: Writing & Pick<Storage, 'removeItem'> & Partial<Storage>,
  slug: string,
  run: RunResult | null,
): void {
  if (run) withPictures.set(slug, run);
  else withPictures.delete(slug);
  try {
    if (!run) return storage.removeItem(LAST + slug);
    const text = JSON.stringify(lightRun(run));
    try {
      storage.setItem(LAST + slug, text);
    } catch {
      for (const key of Object.keys(storage)) if (key.startsWith(LAST)) storage.removeItem(key);
      storage.setItem(LAST + slug, text);
    }
  } catch {
    /* it lasts as long as the page */
  }
}

export function loadLast(storage: Reading, meta: RunMeta): RunResult | null {
  const known = withPictures.get(meta.slug);
  if (known) return known;
  const text = storage.getItem(LAST + meta.slug);
  if (text === null) return null;
  const read = checkRun(meta, parsed(text), 'The last run');
  return 'run' in read ? read.run : null;
}

// ---------------------------------------------------------------- names

/** Knobs in which two runs differ, by name. */
export const knobDiff = (a: Knobs, b: Knobs): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);

/** A name that says what is special about a run: its knobs away from the defaults, and its seeds. */
export function runName(meta: LabMeta, run: Pick<RunResult, 'knobs' | 'seeds'>): string {
  const changed = knobDiff(defaultKnobs(meta), run.knobs)
    .filter((name) => Object.hasOwn(meta.controls, name))
    .map((name) => `${meta.controls[name].label} ${shownValue(run.knobs[name])}`);
  const seeds =
    run.seeds.length === 1 ? `seed ${run.seeds[0]}` : `seeds ${run.seeds[0]}–${run.seeds[run.seeds.length - 1]}`;
  return [...(changed.length ? changed : ['defaults']), seeds].join(' · ');
}
const shownValue = (value: unknown): string => (value === true ? 'on' : value === false ? 'off' : String(value));
