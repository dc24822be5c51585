// Values per test example of every cell that has ended, until the claims have been computed.
import type { ArmResult } from '../contract/result.ts';
import { mean } from '../../../util/stats.ts';

/** Values of one cell: metric -> one value an example. Plain arrays: they go through messages and checkpoints as they are. */
export interface CellExamples {
  arm: string;
  seed: number;
  values: Record<string, Float32Array>;
}

/** How far the mean of a cell's examples may lie from its metric, which graphs compute in float32. */
const TOLERANCE = 1e-3;

export class ExampleStore {
  private readonly cells = new Map<string, CellExamples>();

  constructor(saved: readonly CellExamples[] = []) {
    for (const cell of saved) this.add(cell);
  }

  /** The newest values of a cell's metric replace those before. */
  add(cell: CellExamples): void {
    const key = `${cell.seed} ${cell.arm}`;
    this.cells.set(key, { ...cell, values: { ...this.cells.get(key)?.values, ...cell.values } });
  }

  get saved(): CellExamples[] {
    return [...this.cells.values()];
  }

  /**
   * The arms with the values that belong to their final metrics. A cell without values has null.
   * @throws Error when the mean of a cell's values is not its metric
   */
  joinTo(arms: readonly ArmResult[], seeds: readonly number[]): ArmResult[] {
    return arms.map((arm) => {
      const cells = seeds.map((seed) => this.cells.get(`${seed} ${arm.id}`));
      const metrics = new Set(cells.flatMap((cell) => Object.keys(cell?.values ?? {})));
      const examples = Object.fromEntries(
        [...metrics].map((metric) => [metric, cells.map((cell) => cell?.values[metric] ?? null)]),
      );
      for (const metric of metrics)
        examples[metric].forEach((values, s) => {
          if (values) checkMean(`${metric} of ${arm.id}, seed ${seeds[s]}`, values, metricOf(arm, metric, s));
        });
      return { ...arm, seeds: [...seeds], ...(metrics.size ? { examples } : {}) };
    });
  }
}

/** A metric of seed no. s: the final one, or for a name as of `exampleKey` that of its step. */
function metricOf({ final, series }: ArmResult, name: string, s: number): number | undefined {
  const [metric, step] = name.split('@');
  return step === undefined ? final[metric]?.[s] : series[s]?.[metric]?.findLast(([at]) => at === Number(step))?.[1];
}

function checkMean(where: string, values: Float32Array, metric: number | undefined): void {
  const found = mean(values);
  // a network that diverged has no metric, whatever its answers
  if (metric === undefined || Number.isNaN(metric)) return;
  if (Math.abs(found - metric) <= TOLERANCE * Math.max(1, Math.abs(metric))) return;
  throw new Error(`examples: expected the mean of ${where} to be its metric ${metric}; got ${found}`);
}
