// The error of packaged data: what happened and what the reader can do about it.

/** Thrown by the loaders of this room. `message` is `problem` and `remedy` in one line, fit for a visitor. */
export class DataError extends Error {
  override name = 'DataError';
  readonly problem: string;
  readonly remedy: string;
  constructor(problem: string, remedy: string, cause?: unknown) {
    super(`${problem}. ${remedy}.`, { cause });
    this.problem = problem;
    this.remedy = remedy;
  }
}
