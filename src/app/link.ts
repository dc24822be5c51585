// Links to a lab with its settings: `v=1&seed=7&tau=0.1`. Readable, only what differs from the version's defaults; read back with
// suspicion: whatever a link holds, decoding gives valid settings and says in plain words what it did not take.
import { readNumber } from '../util/read-number.ts';
import type { Control, Knobs, KnobValue, LabMeta } from '../labs/_kit/contract/meta.ts';
import { defaultKnobs, fitKnob, rangeOf } from '../labs/_kit/contract/knobs.ts';

export type LinkBackend = 'auto' | 'webgpu' | 'wasm';
/** How the page shows the lab: all of it, picture and curves in a frame, or large for a projector. */
export type LinkLayout = 'page' | 'embed' | 'present';

export interface LabAddress {
  knobs: Knobs;
  /** First seed; the run uses `seed, seed + 1, ...`. */
  seed: number;
  /** How many seeds. */
  seeds: number;
  backend: LinkBackend;
  layout: LinkLayout;
}
export interface DecodedLink extends LabAddress {
  /** What was changed or ignored, one sentence each, for the visitor. */
  notices: string[];
}
export type LinkMeta = Pick<LabMeta, 'version' | 'frozen' | 'controls' | 'seeds'>;

export const FIRST_SEED = 1;
export const MAX_SEED = 999_999;
export const MAX_SEEDS = 10;
/** Names that a link uses itself; no knob may have one. */
export const RESERVED_KEYS: readonly string[] = ['v', 'seed', 'seeds', 'backend', 'embed', 'present', 'x'];
const MAX_LENGTH = 2_000;
const MAX_KEYS = 100;

export const defaultExperiment = (meta: LinkMeta): LabAddress => ({
  knobs: defaultKnobs(meta),
  seed: FIRST_SEED,
  seeds: meta.seeds,
  backend: 'auto',
  layout: 'page',
});

/** The seeds of a run. */
export const seedList = ({ seed, seeds }: Pick<LabAddress, 'seed' | 'seeds'>): number[] =>
  Array.from({ length: seeds }, (_, i) => seed + i);

// ---------------------------------------------------------------- encode

const written = (value: KnobValue): string => (typeof value === 'boolean' ? (value ? '1' : '0') : String(value));

/** The query part of a lab's address, without "?". Same experiment, same text. */
export function encodeLink(meta: LinkMeta, experiment: LabAddress): string {
  const defaults = defaultKnobs(meta);
  const pairs: [string, string][] = [['v', String(meta.version)]];
  if (experiment.seed !== FIRST_SEED) pairs.push(['seed', String(experiment.seed)]);
  if (experiment.seeds !== meta.seeds) pairs.push(['seeds', String(experiment.seeds)]);
  if (experiment.backend !== 'auto') pairs.push(['backend', experiment.backend]);
  for (const name of Object.keys(meta.controls)) {
    if (experiment.knobs[name] !== defaults[name]) pairs.push([name, written(experiment.knobs[name])]);
  }
  if (experiment.layout !== 'page') pairs.push([experiment.layout, '1']);
  return pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&');
}

// ---------------------------------------------------------------- decode

/** What a text means; `note` says what it was taken for where that is not plain. */
interface Meaning<T> {
  value: T;
  note?: string | null;
}
type Reader<T> = (text: string) => Meaning<T> | null;

const whole =
  (min: number, max: number): Reader<number> =>
  (text) => {
    const read = readNumber(text);
    return read && Number.isInteger(read.value) && read.value >= min && read.value <= max ? read : null;
  };
const FLAGS: Record<string, boolean> = {
  '1': true,
  true: true,
  on: true,
  yes: true,
  '0': false,
  false: false,
  off: false,
  no: false,
};
const flag: Reader<boolean> = (text) => {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(FLAGS, word) ? { value: FLAGS[word] } : null;
};
/** One of some words, in any letter case where only one fits. */
const oneOf =
  <T extends string>(words: readonly T[]): Reader<T> =>
  (text) => {
    if (words.includes(text as T)) return { value: text as T };
    const alike = words.filter((word) => word.toLowerCase() === text.trim().toLowerCase());
    return alike.length === 1 ? { value: alike[0] } : null;
  };

/** Reads one control's value from text; range and wholeness are `fitKnob`'s work. */
function readerOf(control: Control): Reader<KnobValue> {
  switch (control.kind) {
    case 'number':
      return readNumber;
    case 'choice':
      return oneOf(control.options.map((option) => option.value));
    case 'toggle':
      return flag;
  }
}

/** A piece of a foreign text that is safe and short enough to show. */
const shown = (text: string): string => {
  const plain = text.replace(/[^\p{L}\p{N} .,:;_+-]/gu, '·');
  return `“${plain.length > 24 ? `${plain.slice(0, 24)}…` : plain}”`;
};

/** First value per key, and how many keys came twice. */
function readPairs(meta: LinkMeta, query: string, notices: string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  if (query.length > MAX_LENGTH) {
    notices.push(
      `This link is ${query.length.toLocaleString('en')} characters long, too long to be one of ours; its settings were ignored.`,
    );
    return pairs;
  }
  const twice = new Set<string>();
  const known = [...RESERVED_KEYS, ...Object.keys(meta.controls)];
  for (const [written, value] of new URLSearchParams(query)) {
    const key = oneOf(known)(written)?.value ?? written;
    if (pairs.has(key)) twice.add(key);
    else if (pairs.size < MAX_KEYS) pairs.set(key, value);
  }
  if (twice.size) notices.push(`The link gives ${listed(twice)} more than once; the first value counts.`);
  return pairs;
}

function listed(keys: Iterable<string>): string {
  const names = [...keys];
  return names.slice(0, 3).map(shown).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
}

/** What `read` makes of `key`'s text, or `fallback` with a notice. */
function take<T>(
  pairs: Map<string, string>,
  key: string,
  read: Reader<T>,
  fallback: T,
  say: (got: string) => void,
  remark: (note: string) => void = () => undefined,
): T {
  const text = pairs.get(key);
  if (text === undefined) return fallback;
  const meaning = read(text);
  if (!meaning) {
    say(shown(text));
    return fallback;
  }
  if (meaning.note) remark(meaning.note);
  return meaning.value;
}

function readVersion(meta: LinkMeta, pairs: Map<string, string>, notices: string[]): number {
  const version = take(pairs, 'v', whole(1, 1e6), meta.version, (got) =>
    notices.push(`The link's version ${got} is not a number of ours; it was read as version ${meta.version}.`),
  );
  if (version > meta.version) {
    notices.push(
      `This link was made with a newer version of this lab (${version}; this page has ${meta.version}). Settings known here were taken; reload the page to get the newest version.`,
    );
    return meta.version;
  }
  if (version < meta.version && !meta.frozen?.[version]) {
    notices.push(
      `This link was made for version ${version} of this lab, whose defaults are not kept; today's defaults were used.`,
    );
  }
  return version;
}

function readKnob(
  name: string,
  control: Control,
  base: KnobValue,
  pairs: Map<string, string>,
  notices: string[],
): KnobValue {
  const value = take(
    pairs,
    name,
    readerOf(control),
    base,
    (got) => notices.push(`${control.label}: ${got} is not a possible value; ${shown(written(base))} is used.`),
    (note) => notices.push(`${control.label}: ${note}`),
  );
  const fitted = fitKnob(control, value);
  if (fitted !== value)
    notices.push(
      `${control.label}: ${shown(written(value))} was brought to ${written(fitted)}, within ${rangeOf(control)}.`,
    );
  return fitted;
}
/** Settings from a link's query. Never throws; `notices` says what was not taken as it stood. */
export function decodeLink(meta: LinkMeta, query: string): DecodedLink {
  const notices: string[] = [];
  const pairs = readPairs(meta, query.replace(/^\?/, ''), notices);
  const version = readVersion(meta, pairs, notices);
  const base = defaultKnobs(meta, version);
  const knobs: Knobs = {};
  for (const [name, control] of Object.entries(meta.controls))
    knobs[name] = readKnob(name, control, base[name], pairs, notices);
  const odd = (what: string, used: string | number) => (got: string) =>
    notices.push(`${what} ${got} is not possible; ${used} is used.`);
  const seed = take(pairs, 'seed', whole(0, MAX_SEED), FIRST_SEED, odd('Seed', FIRST_SEED));
  const seeds = take(pairs, 'seeds', whole(1, MAX_SEEDS), meta.seeds, odd('Number of seeds', meta.seeds));
  const backend = take(
    pairs,
    'backend',
    oneOf(['auto', 'webgpu', 'wasm'] as const),
    'auto',
    odd('Backend', 'the automatic choice'),
  );
  const isSet = (key: string) => take(pairs, key, flag, false, () => undefined);
  const unknown = [...pairs.keys()].filter((key) => !RESERVED_KEYS.includes(key) && !Object.hasOwn(meta.controls, key));
  if (unknown.length)
    notices.push(`The link has settings that this lab does not know: ${listed(unknown)}. They were ignored.`);
  return {
    knobs,
    seed,
    seeds,
    backend,
    layout: isSet('embed') ? 'embed' : isSet('present') ? 'present' : 'page',
    notices,
  };
}

/** True where a query asks for the page in a frame; a flag set to 0 asks for nothing. */
export function isEmbedded(query: string): boolean {
  for (const [key, value] of new URLSearchParams(query))
    if (key.toLowerCase() === 'embed') return flag(value)?.value ?? false;
  return false;
}
