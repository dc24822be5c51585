// Reads what models answer for the rows of a set, in chunks of equal size.
import type { Engine, Feeds, Runner } from '../../../engine/engine.ts';
import type { Tensor } from '../../../graph/graph.ts';
import { inferenceProgram } from '../../../optim/program.ts';
import { invariant } from '../../../util/invariant.ts';
import { ModelGraph, type Sources } from './model-graph.ts';
import type { Weights } from './trainer.ts';

/** Rows 0..rows-1 of its sources. */
export interface ReadSet {
  rows: number;
  sources: Sources;
  /** Further feeds of the chunk that begins at row `from`. */
  feeds?(from: number, count: number): Feeds;
}

export interface ReadoutSpec<Output extends string, SetName extends string> {
  /** Outputs have one row per row of the batch: [S, B, ...]. `graph.batch` is the chunk. */
  network(graph: ModelGraph): Record<Output, Tensor>;
  sets: Readonly<Record<SetName, ReadSet>>;
  /** Rows of one call. */
  chunk: number;
  /** `model` of the arms that are read, for networks that differ. */
  model?: string;
}

/** Answers of one model, by output: [rows, ...]. */
export type Answers<Output extends string> = Record<Output, Float32Array>;

export interface Readout<Output extends string, SetName extends string> {
  /** One entry per stacked model. A set's graph is opened when it is first read. */
  read(weights: Weights, set: SetName, rows?: number): Promise<Answers<Output>[]>;
  dispose(): Promise<void>;
}

/** Graphs that were built already, for readouts of one spec. */
export type ReadPrograms = Map<string, ReturnType<typeof inferenceProgram>>;

/** Nothing is compiled before the first `read`. */
export function openReadout<Output extends string, SetName extends string>(
  engine: Engine,
  stack: number,
  { network, sets, chunk, model }: ReadoutSpec<Output, SetName>,
  programs: ReadPrograms = new Map(),
): Readout<Output, SetName> {
  const runners = new Map<SetName, Promise<Runner>>();

  const programOf = (sources: Sources) => {
    // rows are gathered by the host, which any number of them fits, or by a graph that knows how many there are
    const lengths = Object.entries(sources).map(([name, values]) => `${name} ${values.length}`);
    const key = [stack, ...(engine.residency === 'host' ? [] : lengths)].join();
    const known = programs.get(key);
    if (known) return known;
    const graph = new ModelGraph(stack, chunk, engine.residency, sources, model);
    const program = inferenceProgram({
      params: graph.params,
      outputs: network(graph),
      batches: graph.batches,
    });
    programs.set(key, program);
    return program;
  };
  const open = (name: SetName): Promise<Runner> => {
    const known = runners.get(name);
    if (known) return known;
    const { sources } = sets[name];
    const opened = engine.runner(programOf(sources), { ...sources });
    runners.set(name, opened);
    // a failure is not remembered
    opened.catch(() => runners.delete(name));
    return opened;
  };

  return {
    async read(weights, name, rows = sets[name].rows) {
      const runner = await open(name);
      const out = Array.from({ length: stack }, () => ({}) as Answers<Output>);
      for (let from = 0; from < rows; from += chunk) {
        const count = Math.min(chunk, rows - from);
        // the last chunk repeats its last row
        const pick = Int32Array.from({ length: chunk }, (_, i) => Math.min(from + i, rows - 1));
        const answers = await runner.run({ ...weights, pick, ...sets[name].feeds?.(from, chunk) });
        for (const output of Object.keys(answers) as Output[]) {
          const values = answers[output];
          const width = values.length / stack / chunk;
          invariant(
            Number.isInteger(width),
            () =>
              `readout: expected ${stack} x ${chunk} rows in output "${output}"; got ${values.length} values in all`,
          );
          out.forEach((o, s) => {
            const at = s * chunk * width;
            o[output] ??= new Float32Array(rows * width);
            o[output].set(values.subarray(at, at + count * width), from * width);
          });
        }
      }
      return out;
    },
    async dispose() {
      for (const runner of runners.values()) await (await runner).dispose();
    },
  };
}
