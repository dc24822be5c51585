// What a run was asked for, checked and brought into range.
import { defaultKnobs, fitKnob } from '../../labs/_kit/contract/knobs.ts';
import type { Knobs, LabMeta } from '../../labs/_kit/contract/meta.ts';
import { EngineError, RunError, toWire } from './errors.ts';
import type { RunCheckpoint } from './protocol.ts';

/** Every control's value, brought into its range. */
export function knobsOf(meta: LabMeta, knobs: Knobs): Knobs {
  const defaults = defaultKnobs(meta);
  return Object.fromEntries(
    Object.entries(meta.controls).map(([name, control]) => [name, fitKnob(control, knobs[name] ?? defaults[name])]),
  );
}

/** @throws EngineError when the checkpoint is of another run. */
export function checkCheckpoint(saved: RunCheckpoint, run: { slug: string; knobs: Knobs; seeds: number[] }): void {
  const [has, wants] = [saved, run].map(({ slug, knobs, seeds }) =>
    JSON.stringify([slug, Object.entries(knobs).sort(), seeds]),
  );
  if (has !== wants)
    throw new EngineError('bad-input', `checkpoint: expected one of ${wants}; got one of ${has}`, {
      remedy: 'Start the run from the beginning.',
    });
}

/** @throws EngineError unless they are different whole numbers. */
export function seedsOf(seeds: number[]): number[] {
  const isFine =
    Array.isArray(seeds) &&
    seeds.length > 0 &&
    seeds.every((s) => Number.isInteger(s)) &&
    new Set(seeds).size === seeds.length;
  if (!isFine) throw new EngineError('bad-input', `seeds: expected different whole numbers; got [${seeds}]`);
  return seeds;
}

/** There is one run at a time. */
export const runInProgress = (): RunError =>
  new RunError(
    toWire(
      new EngineError('bad-input', 'run: expected the run before to have ended; got one in progress', {
        remedy: 'Stop the present run first.',
      }),
    ),
  );
