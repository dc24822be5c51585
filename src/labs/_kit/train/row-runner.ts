// Runs an inference graph of one or several stacked models over many rows, in chunks of the graph's batch.
import type { Engine, Feeds, HostArray, Runner } from '../../../engine/engine.ts';
import type { Program } from '../../../graph/program.ts';

export interface RowRunnerSpec {
  /** Its outputs are [B, D] or stacked [S, B, D]; the feed `index` [B] names the rows. */
  program: Program;
  sources: Record<string, HostArray>;
  batch: number;
  /** Stacked models; 1 for a single one. */
  stack: number;
  index?: string;
}

export class RowRunner {
  private readonly runner: Runner;
  private readonly spec: RowRunnerSpec;
  private constructor(runner: Runner, spec: RowRunnerSpec) {
    this.runner = runner;
    this.spec = spec;
  }
  static async open(engine: Engine, spec: RowRunnerSpec): Promise<RowRunner> {
    return new RowRunner(await engine.runner(spec.program, spec.sources), spec);
  }

  /** Outputs of rows 0..rows-1, by name: per stacked model one array [rows * D]. The last chunk repeats its last row. */
  async run(feeds: Feeds, rows: number): Promise<Record<string, Float32Array>[]> {
    const { batch, stack, index = 'pick' } = this.spec;
    const out: Record<string, Float32Array>[] = Array.from({ length: stack }, () => ({}));
    for (let from = 0; from < rows; from += batch) {
      const count = Math.min(batch, rows - from);
      const pick = Int32Array.from({ length: batch }, (_, i) => Math.min(from + i, rows - 1));
      const result = await this.runner.run({ ...feeds, [index]: pick });
      for (const [name, values] of Object.entries(result)) {
        const width = values.length / stack / batch;
        out.forEach((o, s) =>
          (o[name] ??= new Float32Array(rows * width)).set(
            values.subarray(s * batch * width, (s * batch + count) * width),
            from * width,
          ),
        );
      }
    }
    return out;
  }
  dispose(): Promise<void> {
    return this.runner.dispose();
  }
}
