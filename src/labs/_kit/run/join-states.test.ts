import { expect, it } from 'vitest';
import { joinStates, splitStates } from './join-states.ts';

const states = Array.from({ length: 12 }, (_, i) => ({
  steps: 10 * i,
  arrays: { theta: Float32Array.of(i, i + 0.5) },
}));

it('brings every state back to its model, also of more than ten', () => {
  expect(splitStates(structuredClone(joinStates(states)), 12)).toEqual(states);
});

it('refuses a checkpoint of another number of models', () => {
  expect(() => splitStates(joinStates(states), 3)).toThrow('splitStates: expected 3 models; got 12');
});
