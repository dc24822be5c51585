// What can go wrong in the engine, told so that a visitor knows what to do next; and the form in which it crosses to the page.
import type { WireError } from './protocol.ts';

export type ErrorKind = WireError['kind'];

/** For each kind: what the visitor can do, and whether a run can go on from its checkpoint. */
const KINDS: Record<ErrorKind, { remedy: string; resumable: boolean }> = {
  'device-lost': {
    remedy: 'Press Run to go on from the last checkpoint; if it happens again, switch the backend to WASM.',
    resumable: true,
  },
  'out-of-memory': {
    remedy: 'Close other tabs, choose a smaller batch or fewer seeds, or switch the backend, then run again.',
    resumable: true,
  },
  crash: {
    remedy: 'Press Run to go on from the last checkpoint; reload the page if it happens again.',
    resumable: true,
  },
  data: {
    remedy: 'Check the connection, then press Start again; the files of this lab could not be read.',
    resumable: false,
  },
  unsupported: {
    remedy: 'Switch the backend to WASM, or open this page in a current Chrome or Edge.',
    resumable: false,
  },
  'bad-input': { remedy: 'Set the controls back to their defaults and run again.', resumable: false },
  internal: {
    remedy: 'This is a fault of the lab. Reload the page, and report it with this message if it stays.',
    resumable: false,
  },
};

/** An error whose cause is known. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly kind: ErrorKind;
  readonly remedy: string;
  constructor(kind: ErrorKind, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.remedy = options.remedy ?? KINDS[kind].remedy;
  }
}

/** An error that came over the wire; `wire` holds all that is known of it. */
export class RunError extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.name = wire.name;
    this.wire = wire;
    if (wire.stack) this.stack = wire.stack;
  }
}

const OUT_OF_MEMORY =
  /out of memory|SafeIntOnOverflow|bad_alloc|allocation failed|failed to allocate|cannot allocate|memory access out of bounds|Array buffer allocation|Invalid typed array length|could not be allocated|OOM\b/i;
const DEVICE_LOST =
  /device\]? (is |was )?(lost|destroyed|hung)|DXGI_ERROR|GPU process|a valid external Instance reference no longer exists|external instance reference/i;
/** What onnxruntime says after a session that failed half-way: only a new worker helps. */
const BROKEN = /session is being created|Session (already started|mismatch)/i;
const UNSUPPORTED =
  /not implemented|no kernel|Could not find an implementation|disable_cpu_ep_fallback|fallback to CPU EP|not supported|unsupported|No Op registered|NOT_IMPLEMENTED/i;
const MISSING =
  /failed to fetch|error loading dynamically imported module|Importing a module script failed|NetworkError|Failed to load|no available backend found|CompileError|Unexpected end of (input|script)/i;

/** The kind of any thrown value, by its class first and its text second. */
export function kindOf(error: unknown): ErrorKind {
  if (error instanceof EngineError) return error.kind;
  if (error instanceof RunError) return error.wire.kind;
  const { name, message } = describe(error);
  if (name === 'DataError') return 'data';
  if (DEVICE_LOST.test(message)) return 'device-lost';
  if (OUT_OF_MEMORY.test(message) || (name === 'RangeError' && /memory|buffer|array length/i.test(message)))
    return 'out-of-memory';
  if (name === 'RuntimeError' || BROKEN.test(message)) return 'crash';
  if (UNSUPPORTED.test(message)) return 'unsupported';
  if (MISSING.test(message)) return 'data';
  return 'internal';
}

/** Everything that the page needs to tell the visitor about `error`. */
export function toWire(error: unknown): WireError {
  if (error instanceof RunError) return error.wire;
  const kind = kindOf(error);
  const { name, message, stack } = describe(error);
  const own = (error as { remedy?: unknown } | null)?.remedy;
  return {
    name,
    message,
    stack,
    kind,
    remedy: typeof own === 'string' ? own : KINDS[kind].remedy,
    resumable: KINDS[kind].resumable,
  };
}

/** Names of what WebAssembly throws without a text: Emscripten's numbers, and exceptions of C++, whose text stays in the module. */
const WORDLESS = 'the WebAssembly module stopped with an exception that carries no text';

/** Modules throw numbers, strings, exceptions of their own and other objects too. */
function describe(error: unknown): { name: string; message: string; stack?: string } {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  if (typeof error === 'number')
    return {
      name: 'RuntimeError',
      message: `WebAssembly exception ${error} (the module ran out of memory or aborted)`,
    };
  const { message, stack } = (typeof error === 'object' && error ? error : {}) as {
    message?: unknown;
    stack?: unknown;
  };
  if (typeof message === 'string' && message)
    return { name: 'Error', message, stack: typeof stack === 'string' ? stack : undefined };
  const tag = Object.prototype.toString.call(error).slice(8, -1);
  if (tag === 'WebAssembly.Exception') return { name: 'RuntimeError', message: WORDLESS };
  return { name: 'Error', message: typeof error === 'object' ? `a fault without a text (${tag})` : String(error) };
}

/** `error` as an EngineError that names what was being done. */
export function during(what: string, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const { message, stack } = describe(error);
  const wrapped = new EngineError(kindOf(error), `${what}: ${message}`, { cause: error });
  if (stack) wrapped.stack = `${wrapped.name}: ${wrapped.message}\n${stack}`;
  return wrapped;
}
