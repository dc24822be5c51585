// Training in phases, each of which takes over what the one before hands on: pre-train, then prune, adapt or distil.
import type { StepperState } from '../../../engine/engine.ts';
import { invariant } from '../../../util/invariant.ts';
import type { Experiment, RunContext, Trial } from '../contract/lab.ts';

/** What one phase hands on to the next: weights, masks, answers, by name. */
export type Carry = Readonly<Record<string, Float32Array>>;

/** A phase that is open. Steps count from its own start. */
export interface OpenPhase {
  advance(count: number): Promise<void>;
  /** Metrics per cell of the unit, at `step` of the whole unit. */
  evaluate(step: number): Promise<Record<string, number>[]>;
  draw?(step: number): Promise<void>;
  /** Values per test example, per cell; asked of the last phase after its last step. */
  examples?(): Promise<Record<string, Float32Array>[]>;
  /** Asked once, after the last step. */
  carry(): Promise<Carry>;
  save(): Promise<StepperState>;
  load(saved: StepperState): Promise<void>;
  dispose(): Promise<void>;
}

export interface Phase {
  name: string;
  steps: number;
  /** Draws whatever it draws from named streams, so that opening it again gives the same phase. */
  open(carry: Carry): Promise<OpenPhase>;
}

/** What goes through its phases on its own, such as a seed: units share nothing. */
export interface PhasedUnit {
  cells: Trial['cells'];
  phases: readonly Phase[];
}

export interface PhasesSpec extends Pick<
  Experiment,
  'arms' | 'sequential' | 'compose' | 'finish' | 'claims' | 'shortfall'
> {
  /** Steps between evaluations; the steps of every phase are a multiple of it. */
  evalEvery: number;
  units: readonly PhasedUnit[];
}

/**
 * An experiment of one trial per unit. The runner pauses, saves and resumes it at any step, as any other.
 * @throws Error when units have different lengths, or a phase ends between two evaluations.
 */
export function phases(
  ctx: Pick<RunContext, 'status' | 'signal'>,
  { units, evalEvery, ...experiment }: PhasesSpec,
): Experiment {
  const length = (unit: PhasedUnit) => unit.phases.reduce((sum, p) => sum + p.steps, 0);
  const steps = length(units[0]);
  for (const unit of units) {
    invariant(length(unit) === steps, () => `phases: expected ${steps} steps in every unit; got ${length(unit)}`);
    for (const { name, steps: own } of unit.phases)
      invariant(
        own > 0 && own % evalEvery === 0,
        () => `phase "${name}": expected a multiple of ${evalEvery} steps; got ${own}`,
      );
  }
  return {
    ...experiment,
    steps,
    evalEvery,
    trials: units.map((unit) => async () => {
      const trial = new PhasedTrial(ctx, unit);
      await trial.open(0, {});
      return trial;
    }),
  };
}

class PhasedTrial implements Trial {
  readonly cells: Trial['cells'];
  private readonly ctx: Pick<RunContext, 'status' | 'signal'>;
  private readonly phases: readonly Phase[];
  /** Number of the present phase, its steps so far, and what it was opened with. */
  private at = 0;
  private done = 0;
  private carry: Carry = {};
  private current: OpenPhase | null = null;

  constructor(ctx: Pick<RunContext, 'status' | 'signal'>, unit: PhasedUnit) {
    this.ctx = ctx;
    this.cells = unit.cells;
    this.phases = unit.phases;
  }

  /** Opens phase `at`; the one before is over. */
  async open(at: number, carry: Carry): Promise<void> {
    await this.dispose();
    this.ctx.status(this.phases[at].name);
    this.current = await this.phases[at].open(carry);
    this.at = at;
    this.done = 0;
    this.carry = carry;
  }

  async advance(count: number): Promise<void> {
    for (let left = count; left > 0 && !this.ctx.signal.aborted;) {
      if (this.done === this.phases[this.at].steps) await this.open(this.at + 1, await this.phase.carry());
      const part = Math.min(left, this.phases[this.at].steps - this.done);
      await this.phase.advance(part);
      this.done += part;
      left -= part;
    }
  }
  evaluate(step: number) {
    return this.phase.evaluate(step);
  }
  async draw(step: number): Promise<void> {
    await this.phase.draw?.(step);
  }
  async examples() {
    return (await this.phase.examples?.()) ?? this.cells.map(() => ({}));
  }

  /** The phase's own state, what it was opened with, and where it stands. */
  async save(): Promise<StepperState> {
    const { steps, arrays } = await this.phase.save();
    return {
      steps,
      arrays: {
        position: Float32Array.of(this.at, this.done),
        ...withPrefix('carry/', this.carry),
        ...withPrefix('phase/', arrays),
      },
    };
  }
  async load({ steps, arrays }: StepperState): Promise<void> {
    const [at, done] = arrays.position;
    await this.open(at, withoutPrefix('carry/', arrays));
    await this.phase.load({ steps, arrays: withoutPrefix('phase/', arrays) });
    this.done = done;
  }

  async dispose(): Promise<void> {
    await this.current?.dispose();
    this.current = null;
  }
  private get phase(): OpenPhase {
    invariant(this.current, 'internal: expected an open phase; got none');
    return this.current;
  }
}

type Arrays = Readonly<Record<string, Float32Array>>;
const withPrefix = (prefix: string, arrays: Arrays): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(arrays).map(([name, value]) => [`${prefix}${name}`, value]));
const withoutPrefix = (prefix: string, arrays: Arrays): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
