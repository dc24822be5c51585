// Pause, resume, step and stop of a run: the runner asks at every gate, the page calls at any time.

export type Pass = 'run' | 'step' | 'stop';

export class RunGate {
  private readonly abort = new AbortController();
  private isPaused = false;
  private steps = 0;
  private wake: () => void = () => undefined;
  private changed: (() => void)[] = [];

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
    this.tell();
  }
  resume(): void {
    this.isPaused = false;
    this.steps = 0;
    this.tell();
  }
  /** One unit of work, then paused again. */
  step(): void {
    this.isPaused = true;
    this.steps++;
    this.tell();
  }
  stop(): void {
    this.abort.abort();
    this.tell();
  }

  /** Resolves at the next of these calls. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.changed.push(resolve);
    });
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

  private tell(): void {
    this.wake();
    for (const resolve of this.changed.splice(0)) resolve();
  }
}
