import { expect, it } from 'vitest';
import type { Backend } from '../../../engine/engine.ts';
import { fitKnob } from '../contract/knobs.ts';
import { referenceEngine } from '../testing/reference-engine.ts';
import { budget, budgetControl } from './budget.ts';

it('a budget is the one asked for; auto is short on WebAssembly alone', () => {
  const pick = (wish: string, backend: Backend) =>
    budget({ knobs: { budget: wish }, engine: { ...referenceEngine(), backend } }, { full: 3, short: 2, glimpse: 1 });
  for (const backend of ['cpu', 'wasm', 'webgpu'] as const)
    expect(['full', 'short', 'glimpse'].map((wish) => pick(wish, backend))).toEqual([3, 2, 1]);
  expect((['cpu', 'wasm', 'webgpu'] as const).map((b) => pick('auto', b))).toEqual([3, 2, 3]);
  const control = budgetControl('How long.').budget;
  expect(control.options.map((o) => fitKnob(control, o.value))).toEqual(['auto', 'full', 'short', 'glimpse']);
});
