// What can be wrong with a model file that a visitor brings.

/** The bytes are not a whole ONNX model. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

/** Operator -> how often it occurs; operators outside the standard domain carry their domain. */
export type OpHistogram = Record<string, number>;
export const showHistogram = (ops: OpHistogram): string =>
  Object.entries(ops)
    .sort(([, a], [, b]) => b - a)
    .map(([op, n]) => `${op} ${n}`)
    .join(', ');

/** A whole model, but not of a family that the rewrite knows. */
export class MatchError extends Error {
  override readonly name = 'MatchError';
  /** The first pattern that did not match: `where: expectation; got actual`. */
  readonly pattern: string;
  readonly histogram: OpHistogram;
  constructor(pattern: string, histogram: OpHistogram) {
    super(
      `this decoder cannot be rewritten. First pattern that did not match: ${pattern}. Its operators: ${showHistogram(histogram)}`,
    );
    this.pattern = pattern;
    this.histogram = histogram;
  }
}
