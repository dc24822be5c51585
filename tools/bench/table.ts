// The bench table: medians with their spread, ratios round by round, and whether the engines agree.
import { median } from '../../src/util/stats.ts';
import type { EngineRow, Row } from './measure.ts';

/** Relative difference of losses that still counts as the same computation, at the first and at the fourth step. */
export const TOLERANCE: readonly [number, number] = [2e-4, 2e-3];

export interface Ratio {
  peer: EngineRow;
  median: number;
  low: number;
  high: number;
}

/** Our time over the best peer's, round by round: a slow moment of the machine hits both sides. Null without a peer or without us. */
export function ratioToBest({ engines }: Row, clock: 'rounds' | 'cpuRounds'): Ratio | null {
  const timed = engines.filter((e) => e[clock].length > 0);
  const ours = timed.find((e) => e.engine === 'ours');
  const peers = timed.filter((e) => e.engine !== 'ours');
  if (!ours || !peers.length) return null;
  const peer = peers.reduce((best, e) => (median(e[clock]) < median(best[clock]) ? e : best));
  const each = ours[clock].map((ms, i) => ms / peer[clock][i]);
  return { peer, median: median(each), low: Math.min(...each), high: Math.max(...each) };
}

/** Whether two losses are no rounding of each other, at the first (0) or the fourth (1) step. */
export const differs = (loss: number, ours: number, step: 0 | 1): boolean =>
  !(Math.abs(loss - ours) / Math.max(1e-3, Math.abs(ours)) <= TOLERANCE[step]);

/** Engines whose losses differ from ours by more than the tolerance, in words; empty when all agree. */
export function disagreements({ engines }: Row): string[] {
  const ours = engines.find((e) => e.engine === 'ours')?.losses;
  if (!ours) return [];
  return engines.flatMap(({ engine, losses }) =>
    (losses ?? []).flatMap((loss, i) =>
      differs(loss, ours[i], i as 0 | 1) ? [`${engine}: loss ${loss} at step ${i ? 4 : 1}; ours ${ours[i]}`] : [],
    ),
  );
}

const digits = (ms: number) => (ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0));
function time(e: EngineRow | undefined): string {
  if (!e) return '-';
  if (!e.rounds.length) return 'cannot';
  return `${digits(median(e.rounds))} (${digits(Math.min(...e.rounds))}-${digits(Math.max(...e.rounds))})`;
}
const showRatio = (r: Ratio | null) =>
  r ? `${r.median.toFixed(2)} (${r.low.toFixed(2)}-${r.high.toFixed(2)}) of ${r.peer.engine}` : '-';
const counts = (e: EngineRow | undefined) => (typeof e?.dispatches === 'number' ? String(e.dispatches) : '-');

/** Markdown: one line per row, times in ms per step as median (lowest-highest), ratio below 1 where we are ahead. */
export function benchTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const [ours, jax, tfjs] = (['ours', 'jax-js', 'tfjs'] as const).map((id) =>
      row.engines.find((e) => e.engine === id),
    );
    return [
      row.workload,
      row.batch,
      row.target,
      time(ours),
      time(jax),
      time(tfjs),
      showRatio(ratioToBest(row, 'rounds')),
      showRatio(ratioToBest(row, 'cpuRounds')),
      ours?.nodes ?? '-',
      row.target === 'webgpu' ? [ours, jax, tfjs].map(counts).join(' / ') : '-',
      agreement(row),
    ];
  });
  const head = [
    'step',
    'batch',
    'on',
    'ours, ms',
    'jax-js, ms',
    'tfjs, ms',
    'ours / best peer',
    'same by processor time',
    'our nodes',
    'dispatches ours / jax-js / tfjs',
    'same losses',
  ];
  const all = [head, ...lines].map((cells) => cells.map(String));
  const widths = head.map((_, c) => Math.max(...all.map((cells) => cells[c].length)));
  const line = (cells: string[]) => `| ${cells.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`;
  return [line(all[0]), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...all.slice(1).map(line)].join('\n');
}
function agreement(row: Row): string {
  if (row.engines.filter((e) => e.losses).length < 2) return '-';
  return disagreements(row).length ? 'NO' : 'yes';
}
