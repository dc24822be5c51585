// A fair lock: onnxruntime's WebGPU build breaks when two calls overlap, so every create, run and release takes its turn.

export class Mutex {
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Calls that hold or wait for the lock. */
  get depth(): number {
    return this.waiting;
  }

  /** Runs `task` after all earlier ones settled, however they ended. */
  run<T>(task: () => Promise<T> | T): Promise<T> {
    this.waiting++;
    const turn = this.tail.then(task);
    this.tail = turn.then(
      () => {
        this.waiting--;
      },
      () => {
        this.waiting--;
      },
    );
    return turn;
  }
}

/** The one lock of this thread's onnxruntime. */
export const ortLock = new Mutex();
