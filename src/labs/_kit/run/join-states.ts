// The states of several models of one run as one checkpoint, for labs with a loop of their own.
import type { StepperState } from '../../../engine/engine.ts';

/** Arrays are renamed by the place of their model; steps are kept apart. */
export const joinStates = (states: readonly StepperState[]): StepperState => ({
  steps: 0,
  arrays: Object.fromEntries([
    ['steps', Float32Array.from(states, ({ steps }) => steps)],
    ...states.flatMap(({ arrays }, i) => Object.entries(arrays).map(([name, of]) => [`${i} ${name}`, of])),
  ]),
});

/** @throws Error when the checkpoint is of another number of models */
export function splitStates({ arrays }: StepperState, count: number): StepperState[] {
  if (arrays.steps?.length !== count)
    throw new Error(`splitStates: expected ${count} models; got ${arrays.steps?.length ?? 0}`);
  return Array.from(arrays.steps, (steps, i) => ({
    steps,
    arrays: Object.fromEntries(
      Object.entries(arrays)
        .filter(([name]) => name.startsWith(`${i} `))
        .map(([name, of]) => [name.slice(`${i} `.length), of]),
    ),
  }));
}
