// Errors with one grammar: `where: expectation; got actual`.

/** @throws Error with `message` unless `condition` holds. */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(typeof message === 'string' ? message : message());
}

/** For our own bugs: `internal: ...`. */
export function internal(message: string): never {
  throw new Error(`internal: ${message}`);
}

/** An unknown name, with the known ones listed. */
export function unknownName(what: string, got: string, known: Iterable<string>): never {
  throw new Error(`unknown ${what} "${got}"; known: ${[...known].join(', ')}`);
}
