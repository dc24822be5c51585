// Step time of our engine against batch, width and depth of an MLP on every backend asked for, and where one backend overtakes another.
import { median } from '../../src/util/stats.ts';
import type { Target } from './contender.ts';
import type { Row, RowRequest } from './measure.ts';
import type { Panel } from './plot.ts';
import { differs } from './table.ts';

export type Axis = 'batch' | 'width' | 'depth';
interface Point {
  batch: number;
  width: number;
  depth: number;
}
const BASE: Point = { batch: 64, width: 128, depth: 2 };
const VALUES: Record<Axis, readonly number[]> = {
  batch: [8, 32, 64, 128, 512],
  width: [32, 64, 128, 256, 512],
  depth: [1, 2, 4, 8, 12],
};
export const AXES = Object.keys(VALUES) as Axis[];

export interface Measured {
  point: Point;
  target: Target;
  ms: number;
  firstMs: number;
  loss: number;
}

/** Every point once, whichever axes it lies on. */
export function points(): Point[] {
  const all = AXES.flatMap((axis) => VALUES[axis].map((value) => ({ ...BASE, [axis]: value })));
  return all.filter((p, i) => all.findIndex((q) => key(q) === key(p)) === i);
}
const key = (p: Point) => `${p.batch}/${p.width}/${p.depth}`;
const request = (p: Point, target: Target): RowRequest => ({
  workload: 'mlp',
  widths: Array<number>(p.depth).fill(p.width),
  batch: p.batch,
  target,
  engines: ['ours'],
  rounds: 3,
  budgetMs: 4000,
  warmMs: target === 'webgpu' ? 800 : 2500,
});

/** Measures all points, one page each. @throws Error when a backend cannot, or when two backends see different losses */
export async function measureScaling(
  targets: readonly Target[],
  row: (request: RowRequest) => Promise<Row>,
): Promise<Measured[]> {
  const out: Measured[] = [];
  for (const point of points())
    for (const target of targets) {
      const {
        engines: [ours],
      } = await row(request(point, target));
      if (ours.error) throw new Error(`scaling: ${target} at batch, width, depth ${key(point)}: ${ours.error}`);
      const made = { point, target, ms: median(ours.rounds), firstMs: ours.firstMs, loss: ours.losses![1] };
      const other = out.find((m) => key(m.point) === key(point));
      if (other && differs(made.loss, other.loss, 1))
        throw new Error(
          `scaling: expected one loss at batch, width, depth ${key(point)}; got ${other.loss} on ${other.target}, ${made.loss} on ${target}`,
        );
      out.push(made);
    }
  return out;
}

/** One panel per axis, the other two at their base values. */
export function panels(measured: readonly Measured[]): Panel[] {
  const targets = [...new Set(measured.map((m) => m.target))];
  return AXES.map((axis) => ({
    title: `${axis} (${AXES.filter((a) => a !== axis)
      .map((a) => `${a} ${BASE[a]}`)
      .join(', ')})`,
    lines: targets.map((target) => ({ name: target, points: line(measured, axis, target) })),
  }));
}
const line = (measured: readonly Measured[], axis: Axis, target: Target): [number, number][] =>
  VALUES[axis].flatMap((value) =>
    measured
      .filter((m) => m.target === target && key(m.point) === key({ ...BASE, [axis]: value }))
      .map((m): [number, number] => [value, m.ms]),
  );

/** Where the second line falls below the first, between neighbouring points on logarithmic scales; null when it never does. */
export function overtakes(first: readonly [number, number][], second: readonly [number, number][]): number | null {
  const gaps = first.map(([x, y], i) => ({ x: Math.log(x), gap: Math.log(second[i][1] / y) }));
  const at = gaps.findIndex((g) => g.gap < 0);
  if (at < 0) return null;
  if (at === 0) return first[0][0];
  const [a, b] = [gaps[at - 1], gaps[at]];
  return Math.exp(a.x + ((b.x - a.x) * a.gap) / (a.gap - b.gap));
}

/** Markdown: a row per point, and in words where WebGPU overtakes WASM along each axis. */
export function scalingReport(measured: readonly Measured[]): string {
  const targets = [...new Set(measured.map((m) => m.target))];
  const show = (ms: number) => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0));
  const head = `| batch | width | depth | ${targets.map((t) => `${t}, ms | ${t} first step, ms`).join(' | ')} |\n|${'---|'.repeat(3 + 2 * targets.length)}`;
  const rows = points().map(
    (p) =>
      `| ${p.batch} | ${p.width} | ${p.depth} | ${measured
        .filter((m) => key(m.point) === key(p))
        .map((m) => `${show(m.ms)} | ${m.firstMs.toFixed(0)}`)
        .join(' | ')} |`,
  );
  const words =
    !targets.includes('wasm') || !targets.includes('webgpu')
      ? []
      : AXES.map((axis) => {
          const at = overtakes(line(measured, axis, 'wasm'), line(measured, axis, 'webgpu'));
          return `${axis}: WebGPU ${at === null ? `does not overtake WASM up to ${VALUES[axis].at(-1)}` : `overtakes WASM at about ${at.toFixed(0)}`}`;
        });
  return [head, ...rows, '', ...words].join('\n');
}
