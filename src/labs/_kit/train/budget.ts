// How long a run may be: the knob of every lab that offers a short run, and what it stands for.
import type { ChoiceControl } from '../contract/meta.ts';
import type { RunContext } from '../contract/lab.ts';

const LENGTHS = ['auto', 'full', 'short', 'glimpse'] as const;

/** Spread into `controls` of a meta. `help` says what each length does. */
export const budgetControl = (help: string): { budget: ChoiceControl } => ({
  budget: {
    kind: 'choice',
    label: 'Length of the run',
    help,
    options: LENGTHS.map((value) => ({ value, label: value })),
    default: 'auto',
  },
});

export interface Budgets<T> {
  full: T;
  /** For WebAssembly, where one thread does the work. */
  short: T;
  /** To see a run from start to end where even short is slow. */
  glimpse: T;
}

/** The budget that the knob asks for; `auto` is short on WebAssembly and full elsewhere. */
export function budget<T>(ctx: { knobs: { budget: string } } & Pick<RunContext, 'engine'>, budgets: Budgets<T>): T {
  const { budget: wish } = ctx.knobs;
  if (wish === 'glimpse') return budgets.glimpse;
  const isShort = wish === 'short' || (wish !== 'full' && ctx.engine.backend === 'wasm');
  return isShort ? budgets.short : budgets.full;
}
