// What the page sees of a run that several workers share: one progress and one checkpoint.
import { median } from '../../util/stats.ts';
import type { RunCheckpoint, RunEvent } from './protocol.ts';

export type Progress = Omit<Extract<RunEvent, { type: 'progress' }>, 'type'>;

/** The slowest share sets the time left. `total` counts the whole run also before every share has told its own. */
export function mergeProgress(shares: readonly Progress[], total: number): Progress {
  const sum = (value: (share: Progress) => number) => shares.reduce((all, share) => all + value(share), 0);
  const paces = shares.map((share) => share.stepMs).filter((ms) => ms > 0);
  return {
    done: sum((share) => share.done),
    total: Math.max(
      total,
      sum((share) => share.total),
    ),
    stepMs: paces.length ? median(paces) : 0,
    leftMs: Math.max(...shares.map((share) => share.leftMs)),
  };
}

/** Every unit as its own share has it; units of a share that has saved nothing yet start anew. The lead is the first. */
export function mergeCheckpoints(shares: readonly (RunCheckpoint | null)[]): RunCheckpoint | null {
  const [lead] = shares;
  if (!lead) return null;
  const ofUnit = (i: number) => shares[i % shares.length];
  const positions = lead.positions.map((_, i) => ofUnit(i)?.positions[i] ?? -1);
  return {
    ...lead,
    positions,
    done: positions.reduce((sum, p) => sum + Math.max(0, p), 0),
    trials: lead.trials.map((_, i) => ofUnit(i)?.trials[i] ?? null),
    points: shares.flatMap((share) => share?.points ?? []),
    examples: shares.flatMap((share) => share?.examples ?? []),
    wallMs: Math.max(...shares.map((share) => share?.wallMs ?? 0)),
  };
}
