// What can be wrong with a model file that a visitor brings.

/** A chosen file that may be a needed one under another name. */
export interface FileOffer {
  needed: string;
  given: string;
}

/** The bytes are not a whole ONNX model, or its files do not belong together. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
  readonly offer: FileOffer | undefined;
  constructor(message: string, offer?: FileOffer) {
    super(message);
    this.offer = offer;
  }
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
