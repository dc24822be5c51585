// Parameter groups: parameters with a rate, a step count and an on/off switch of their own.
import { gather, greater } from '../graph/builder.ts';
import { inputOf, type Tensor } from '../graph/graph.ts';
import type { Params } from '../nn/params.ts';
import { invariant } from '../util/invariant.ts';
import type { Optimiser } from './optimiser.ts';

export interface ParameterGroup {
  /** A new name; `rates` takes the group's values of a step under it. */
  name: string;
  /** Whether the group holds the parameter `name`. The first group that does has it; what no group holds keeps the step's rate. */
  has(name: string): boolean;
  /** Multiplies the step's rate where the step gives the group none of its own; 1 unless given. */
  factor?: number;
}
/** What one step says about a group. */
export interface GroupStep {
  /** The group's own rate, or one per stacked model, instead of the step's rate times `factor`. */
  rate?: number | readonly number[];
  /** The group's own step count 1, 2, ... for optimisers that need one (Adam's bias correction). The step's unless given. */
  t?: number;
  /** false leaves the group's parameters and their optimiser slots as they are, bit for bit. Needs `gated` in the spec. */
  isOn?: boolean;
}
export type GroupSteps = Record<string, GroupStep>;

/**
 * Host values of the optimiser's scalars, one column per group: column 0 is for parameters that no group holds.
 * A column is spread over the flat vector by one Gather, so any number of groups costs one node per scalar.
 */
export class Groups {
  private readonly list: readonly ParameterGroup[];
  private readonly isGated: boolean;
  private readonly columns: Int32Array;
  private readonly params: Params;
  private readonly models: number | null;

  /** @param models number of stacked models that have values of their own, or null where all share one */
  constructor(params: Params, list: readonly ParameterGroup[], isGated: boolean, models: number | null) {
    const names = list.map((g) => g.name);
    invariant(new Set(names).size === names.length, () => `groups: expected different names; got ${names.join(', ')}`);
    for (const group of list)
      invariant(
        params.specs.some((s) => group.has(s.name)),
        () => `groups: expected "${group.name}" to hold a parameter; got none of ${params.specs.map((s) => s.name)}`,
      );
    this.params = params;
    this.list = list;
    this.isGated = isGated;
    this.models = models;
    this.columns = Int32Array.from(params.spread((s) => list.findIndex((g) => g.has(s.name)) + 1));
  }
  private get isSingle(): boolean {
    return this.list.length === 0;
  }

  /** The input `name` along the flat vector: a scalar, [S, 1], or with groups [P] or [S, P]. */
  spread(name: string): Tensor {
    const { graph } = this.params;
    const K = this.list.length + 1;
    if (this.isSingle) return inputOf(graph, name, this.models === null ? [] : [this.models, 1]);
    const values = inputOf(graph, name, this.models === null ? [K] : [this.models, K]);
    return gather(values, graph.constant(this.columns, [this.params.length]), -1);
  }
  /** True where this step updates, or null without a gate. */
  open(): Tensor | null {
    return this.isGated ? greater(this.spread(GATE), 0) : null;
  }

  /** Feeds of step t with the rate of what no group holds. @throws Error for unknown groups, and for a switch without a gate. */
  feeds(
    optimiser: Optimiser,
    t: number,
    rate: number | readonly number[],
    steps: GroupSteps,
  ): Record<string, Float32Array> {
    for (const [name, step] of Object.entries(steps)) {
      invariant(
        name === REST || this.list.some((g) => g.name === name),
        () => `rates: expected a group out of ${[REST, ...this.list.map((g) => g.name)].join(', ')}; got "${name}"`,
      );
      invariant(
        step.isOn === undefined || this.isGated,
        `rates: expected gated: true in the spec; got isOn without it`,
      );
    }
    const columns = [{ name: REST, factor: 1 }, ...this.list].map(({ name, factor = 1 }) => ({
      factor,
      step: steps[name] ?? {},
    }));
    const models = typeof rate === 'number' ? [0] : rate.map((_, s) => s);
    const cells = models.flatMap((s) =>
      columns.map(({ factor, step }) => {
        const own = step.rate ?? (typeof rate === 'number' ? rate : rate[s]);
        const value = typeof own === 'number' ? own : own[s];
        return optimiser.scalars(step.t ?? t, step.rate === undefined ? value * factor : value);
      }),
    );
    const feeds = Object.fromEntries(
      optimiser.inputs.map((name) => [`${optimiser.name}.${name}`, Float32Array.from(cells, (c) => c[name])]),
    );
    if (this.isGated)
      feeds[GATE] = Float32Array.from(models.flatMap(() => columns.map(({ step }) => Number(step.isOn ?? true))));
    return feeds;
  }
}
/** The group of what no other group holds. */
export const REST = 'rest';
const GATE = 'gate';
