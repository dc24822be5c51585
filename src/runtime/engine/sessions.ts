// onnxruntime sessions, shared by models of equal bytes (the seeds of one arm are one graph). The last few idle ones are
// kept: a run that is started again finds its graphs compiled, and a GPU session that is released leaves its constants
// behind in GPU memory (measured in onnxruntime-web 1.30), so releasing is worth avoiding.
import { during } from '../wire/errors.ts';
import type { Mutex } from './mutex.ts';
import type { Ort, Session, SessionOptions } from './ort.ts';

const IDLE_SESSIONS = 12;
const IDLE_BYTES = 32 * 2 ** 20;

interface Entry {
  bytes: Uint8Array;
  session: Promise<Session>;
  users: number;
}

/** One user's hold on a session. */
export interface Lease {
  readonly session: Session;
  release(): Promise<void>;
}

export class SessionPool {
  /** In the order of their last use. */
  private readonly entries: Entry[] = [];
  private released = 0;
  private readonly ort: Ort;
  private readonly lock: Mutex;
  private readonly options: SessionOptions;
  constructor(ort: Ort, lock: Mutex, options: SessionOptions) {
    this.ort = ort;
    this.lock = lock;
    this.options = options;
  }

  get size(): number {
    return this.entries.length;
  }
  /** Bytes of the models whose sessions were released. */
  get releasedBytes(): number {
    return this.released;
  }

  /** Creates or shares the session of `bytes`. @throws EngineError when onnxruntime refuses the model. */
  async acquire(bytes: Uint8Array): Promise<Lease> {
    const entry = this.entries.find((e) => sameBytes(e.bytes, bytes)) ?? this.create(bytes);
    entry.users++;
    let open = true;
    const release = async () => {
      if (!open) return;
      open = false;
      entry.users--;
      if (this.forget(entry)) this.entries.push(entry);
      await this.evict();
    };
    try {
      return { session: await entry.session, release };
    } catch (error) {
      this.forget(entry);
      throw during('loading the graph', error);
    }
  }

  /** Releases every session, whoever uses it; errors of a lost device are expected and ignored. */
  async clear(): Promise<void> {
    for (const entry of this.entries.splice(0)) await this.end(entry).catch(() => undefined);
  }

  private create(bytes: Uint8Array): Entry {
    const session = this.lock.run(() => this.ort.InferenceSession.create(bytes, this.options));
    const entry = { bytes, session, users: 0 };
    this.entries.push(entry);
    return entry;
  }
  /** Releases the oldest idle sessions beyond what is kept. */
  private async evict(): Promise<void> {
    const idle = this.entries.filter((e) => e.users === 0).reverse();
    let bytes = 0;
    for (const [i, entry] of idle.entries()) {
      bytes += entry.bytes.length;
      if (i < IDLE_SESSIONS && bytes <= IDLE_BYTES) continue;
      this.forget(entry);
      this.released += entry.bytes.length;
      await this.end(entry);
    }
  }
  private async end(entry: Entry): Promise<void> {
    const session = await entry.session;
    await this.lock.run(() => session.release());
  }
  private forget(entry: Entry): boolean {
    const at = this.entries.indexOf(entry);
    if (at >= 0) this.entries.splice(at, 1);
    return at >= 0;
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
