// Pause, resume, step and stop of a run: the runner asks at every gate, the page calls at any time.

export type Pass = 'run' | 'step' | 'stop';

export class RunGate {
  private readonly abort = new AbortController();
  private isPaused = false;
  private steps = 0;
  private wake: () => void = () => undefined;

  /** Aborted by `stop`. */
  readonly signal: AbortSignal = this.abort.signal;
  get paused(): boolean {
    return this.isPaused;
  }
  get stopped(): boolean {
    return this.signal.aborted;
  }
  /** The next gate would wait. */
  get waits(): boolean {
    return this.isPaused && this.steps === 0 && !this.stopped;
  }

  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
    this.steps = 0;
    this.wake();
  }
  /** One unit of work, then paused again. */
  step(): void {
    this.isPaused = true;
    this.steps++;
    this.wake();
  }
  stop(): void {
    this.abort.abort();
    this.wake();
  }

  /** Waits while paused. */
  async gate(): Promise<Pass> {
    while (this.waits)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    if (this.stopped) return 'stop';
    if (!this.isPaused) return 'run';
    this.steps--;
    return 'step';
  }
}
