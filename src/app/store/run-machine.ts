// The states of a run and what leads from one to the next. Anything else leaves the state as it is.

export type RunPhase = 'idle' | 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';
export type RunSignal = 'start' | 'train' | 'pause' | 'resume' | 'finish' | 'stop' | 'fail' | 'reset';

const over = { start: 'preparing', reset: 'idle' } as const;
const active = { finish: 'finished', stop: 'stopped', fail: 'failed', reset: 'idle' } as const;

const MOVES: Record<RunPhase, Partial<Record<RunSignal, RunPhase>>> = {
  idle: { start: 'preparing' },
  preparing: { ...active, train: 'running', pause: 'paused' },
  running: { ...active, pause: 'paused' },
  paused: { ...active, resume: 'running' },
  finished: over,
  stopped: over,
  failed: over,
};

export const can = (phase: RunPhase, signal: RunSignal): boolean => signal in MOVES[phase];
export const move = (phase: RunPhase, signal: RunSignal): RunPhase => MOVES[phase][signal] ?? phase;

/** The worker is busy with the run, or holds it paused. */
export const isActive = (phase: RunPhase): boolean =>
  phase === 'preparing' || phase === 'running' || phase === 'paused';
