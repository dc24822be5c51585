// Drives a lab's run: trials advance in turn so that the curves race, with evaluation, checkpoints, pause, step and stop
// between chunks. Knows no runtime: time, yielding and the way out are given.
import type { RunResult } from '../contract/result.ts';
import { ExperimentRun } from './experiment-run.ts';
import type { RunJob } from './job.ts';
import { LoopRun } from './loop-run.ts';
import type { Run } from './run-base.ts';

/** Runs to the end; null when it was stopped. Whatever was opened is disposed, also after an error. */
export async function runLab(job: RunJob): Promise<RunResult | null> {
  const run = open(job);
  job.env.emit({ type: 'arms', arms: job.work.arms });
  return ending(job, run, () => run.result());
}

/** Runs one share of a run, which another share leads; null when it was stopped. */
export async function runShare(job: RunJob): Promise<ReturnType<Run['outcome']> | null> {
  const run = open(job);
  return ending(job, run, async () => run.outcome());
}

const open = (job: RunJob): Run =>
  'trials' in job.work ? new ExperimentRun(job, job.work) : new LoopRun(job, job.work);

async function ending<T>(job: RunJob, run: Run, end: () => Promise<T | null>): Promise<T | null> {
  try {
    const result = (await run.drive()) ? await end() : null;
    await run.close();
    return result;
  } catch (error) {
    await run.close().catch(() => undefined);
    if (job.control.stopped) return null;
    throw error;
  }
}
