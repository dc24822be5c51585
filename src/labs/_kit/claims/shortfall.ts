// What a run lacks to decide its lab's claims, in words for the visitor.
import type { Shortfall } from '../contract/lab.ts';
import type { Control, KnobsOf } from '../contract/meta.ts';

export interface Wanted<Name> {
  /** Steps of this run, and of one that the claims are about. */
  steps?: { now: number; full: number };
  /** Knobs that must stand at their defaults: the claims are about no other setting. */
  atDefault?: readonly Name[];
}

/** Null where the run can decide: it trains as long as the claims ask, under the settings that they are about. */
export function shortfallOf<C extends Record<string, Control>>(
  { controls }: { controls: C },
  knobs: KnobsOf<C>,
  { steps, atDefault = [] }: Wanted<keyof C>,
): Shortfall {
  const isShort = steps !== undefined && steps.now < steps.full;
  const lacks = [
    ...(isShort ? [`it trains ${steps.now} of the ${steps.full} steps that the checks are about`] : []),
    ...atDefault
      .filter((name) => knobs[name] !== controls[name].default)
      .map((name) => {
        const { label, default: wanted } = controls[name];
        return `“${label}” is ${String(knobs[name])}, and the checks are about ${String(wanted)}`;
      }),
  ];
  return lacks.length ? lacks.join('; ') : null;
}
