// Drives a lab's run: trials advance in turn so that the curves race, with evaluation, checkpoints, pause, step and stop
// between chunks. Knows no runtime: time, yielding and the way out are given.
import type { RunResult } from '../contract/result.ts';
import { ExperimentRun } from './experiment-run.ts';
import type { RunJob } from './job.ts';
import { LoopRun } from './loop-run.ts';

/** Runs to the end; null when it was stopped. Whatever was opened is disposed, also after an error. */
export async function runLab(job: RunJob): Promise<RunResult | null> {
  const session = 'trials' in job.work ? new ExperimentRun(job, job.work) : new LoopRun(job, job.work);
  job.env.emit({ type: 'arms', arms: job.work.arms });
  try {
    const result = (await session.drive()) ? await session.result() : null;
    await session.close();
    return result;
  } catch (error) {
    await session.close().catch(() => undefined);
    if (job.control.stopped) return null;
    throw error;
  }
}
