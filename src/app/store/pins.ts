// Runs that the visitor keeps, per lab, on this device. What the store cannot read it forgets.
import { z } from 'zod';
import type { Knobs, LabMeta } from '../../labs/_kit/contract/meta.ts';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { defaultKnobs } from '../../labs/_kit/contract/knobs.ts';
import { runSchema } from './run-file.ts';

export interface PinnedRun {
  id: string;
  name: string;
  result: RunResult;
}

const MAX_PINS = 12;
const key = (slug: string): string => `paper-playground/pins/${slug}`;
const pins = z.array(z.object({ id: z.string(), name: z.string(), result: runSchema }));

/** The pinned runs of a lab, oldest first. */
export function loadPins(storage: Pick<Storage, 'getItem'>, slug: string): PinnedRun[] {
  try {
    const read = pins.safeParse(JSON.parse(storage.getItem(key(slug)) ?? '[]'));
    return read.success ? read.data.filter((pin) => pin.result.slug === slug) : [];
  } catch {
    return [];
  }
}

/** Keeps the newest runs, without their pictures. Returns false where the device has no room. */
export function savePins(storage: Pick<Storage, 'setItem'>, slug: string, kept: PinnedRun[]): boolean {
  try {
    storage.setItem(
      key(slug),
      JSON.stringify(kept.slice(-MAX_PINS).map((pin) => ({ ...pin, result: { ...pin.result, pictures: undefined } }))),
    );
    return true;
  } catch {
    return false;
  }
}

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
