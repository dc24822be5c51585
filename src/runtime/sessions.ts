// onnxruntime sessions, shared by models of equal bytes (the seeds of one arm are one graph) and released with their last user.
import { during } from './errors.ts';
import type { Mutex } from './mutex.ts';
import type { Ort, Session, SessionOptions } from './ort.ts';

interface Entry { bytes: Uint8Array; session: Promise<Session>; users: number }

/** One user's hold on a session. */
export interface Lease { readonly session: Session; release(): Promise<void> }

export class SessionPool {
  private readonly entries: Entry[] = [];
  private readonly ort: Ort;
  private readonly lock: Mutex;
  private readonly options: SessionOptions;
  constructor(ort: Ort, lock: Mutex, options: SessionOptions) {
    this.ort = ort;
    this.lock = lock;
    this.options = options;
  }

  get size(): number { return this.entries.length; }

  /** Creates or shares the session of `bytes`. @throws EngineError when onnxruntime refuses the model. */
  async acquire(bytes: Uint8Array): Promise<Lease> {
    const entry = this.entries.find((e) => sameBytes(e.bytes, bytes)) ?? this.create(bytes);
    entry.users++;
    let open = true;
    const release = async () => {
      if (!open) return;
      open = false;
      if (--entry.users === 0) await this.drop(entry);
    };
    try { return { session: await entry.session, release }; } catch (error) {
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
  private async drop(entry: Entry): Promise<void> {
    if (this.forget(entry)) await this.end(entry);
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
