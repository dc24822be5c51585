// What a lab builds its graphs with: rows of its data, feeds, and the arms that are stacked in one graph.
import { concat, reshape, slice } from '../../../graph/builder.ts';
import { Graph, type Tensor } from '../../../graph/graph.ts';
import type { DType } from '../../../graph/op.ts';
import type { HostArray } from '../../../engine/engine.ts';
import { Params } from '../../../nn/params.ts';
import { Batches, type Residency } from '../../../optim/program.ts';
import { invariant, unknownName } from '../../../util/invariant.ts';
import { showShape, size, type Shape } from '../../../util/shape.ts';
import type { ArmInfo } from '../contract/meta.ts';

export type Sources = Readonly<Record<string, HostArray>>;

/** An arm as it is trained. Arms of equal `kind` and `model` share one graph, whatever their numbers and rates. */
export interface Arm<Kind = unknown> extends ArmInfo {
  /** What the arm's loss is, as far as the graph is concerned: plain data. */
  kind: Kind;
  /** Network and optimiser: arms that differ in these never stack. */
  model?: string;
  /** Numbers by which arms of one kind differ (a temperature, a weight): inputs of the graph. */
  numbers?: Readonly<Record<string, number>>;
  /** First learning rate, where it is not that of all arms. */
  rate?: number;
}

export interface RowsOptions {
  /** The feed that names the rows; `pick` unless told. */
  index?: string;
  /** Its shape; [batch] unless told. */
  batch?: Shape;
}

/** A graph of S >= 1 stacked models under construction: vectors are [S, B, D], maps [B, S*C, H, W], in training and in measuring. */
export class ModelGraph {
  readonly graph = new Graph();
  readonly params: Params;
  readonly batches: Batches;
  /** Rows of one step. */
  readonly batch: number;
  /** `model` of the arms. */
  readonly model: string;
  private readonly sources: Sources;
  private readonly known = new Map<string, Tensor>();

  constructor(stack: number, batch: number, residency: Residency, sources: Sources, model = '') {
    this.params = new Params(this.graph, stack);
    this.batches = new Batches(this.graph, residency);
    this.batch = batch;
    this.model = model;
    this.sources = sources;
  }
  get stack(): number {
    return this.params.stack ?? 1;
  }

  /** Rows of a source, shared by all models; int32 where the source is. @returns [...batch, ...row] */
  rows(source: string, row: Shape, { index = 'pick', batch = [this.batch] }: RowsOptions = {}): Tensor {
    const key = `${source}@${index}`;
    const known = this.known.get(key);
    if (known) return reshape(known, [...batch, ...row]);
    const values = this.source(source);
    const total = values.length / size(row);
    invariant(
      Number.isInteger(total),
      () => `source "${source}": expected rows of ${showShape(row)}; got ${values.length} values`,
    );
    const tensor = this.batches.rows(source, total, row, index, batch, dtypeOf(values));
    this.known.set(key, tensor);
    return tensor;
  }
  /** A whole source. */
  whole(source: string, shape: Shape): Tensor {
    return this.graph.inputs.get(source) ?? this.graph.input(source, shape, dtypeOf(this.source(source)));
  }
  /** A value that the lab feeds at every step. */
  feed(name: string, shape: Shape, dtype?: DType): Tensor {
    return this.graph.inputs.get(name) ?? this.graph.input(name, shape, dtype);
  }

  private source(name: string): HostArray {
    return this.sources[name] ?? unknownName('source', name, Object.keys(this.sources));
  }
}

const dtypeOf = (values: HostArray): DType => (values instanceof Int32Array ? 'int32' : 'float32');

/** A train step under construction, of one or several stacked arms. It knows their kinds and never their numbers, so that equal kinds give equal bytes. */
export class ArmsGraph<Kind = unknown> extends ModelGraph {
  readonly kinds: readonly Kind[];
  readonly numberNames = new Set<string>();

  constructor(
    arms: readonly Arm<Kind>[],
    { batch, residency, sources }: { batch: number; residency: Residency; sources: Sources },
  ) {
    super(arms.length, batch, residency, sources, arms[0].model);
    this.kinds = arms.map((a) => a.kind);
  }

  /** A number of each arm. @returns [S] */
  number(name: string): Tensor {
    this.numberNames.add(name);
    return this.feed(name, [this.stack]);
  }

  /**
   * A loss (and metrics) per kind: `f` is called once for each run of neighbouring arms of one kind, with a function that cuts
   * these arms out of a stacked tensor [S, ...] -> [k, ...]. It returns values [k], which are joined to [S].
   */
  each<Name extends string>(
    f: (kind: Kind, part: (stacked: Tensor) => Tensor) => Record<Name, Tensor>,
  ): Record<Name, Tensor> {
    const parts = neighbours(this.kinds).map(({ kind, from, to }) =>
      f(kind, (t) => (to - from === this.stack ? t : slice(t, 0, from, to))),
    );
    const names = Object.keys(parts[0]) as Name[];
    const joined = names.map((name) => {
      const values = parts.map((p) => reshape(p[name], [-1]));
      return [name, values.length > 1 ? concat(values, 0) : values[0]];
    });
    return Object.fromEntries(joined) as Record<Name, Tensor>;
  }
}

/** Runs of equal kinds: half-open ranges of arms. */
export function neighbours<Kind>(kinds: readonly Kind[]): { kind: Kind; from: number; to: number }[] {
  const runs: { kind: Kind; from: number; to: number }[] = [];
  kinds.forEach((kind, i) => {
    const last = runs.at(-1);
    if (last && JSON.stringify(last.kind) === JSON.stringify(kind)) last.to = i + 1;
    else runs.push({ kind, from: i, to: i + 1 });
  });
  return runs;
}
