// A place for one worker: opened when it is needed, filled anew when the worker has died or holds too much memory.
import type * as comlink from 'comlink';
import type { Connection } from './connection.ts';
import type { WorkerApi } from './protocol.ts';

export class WorkerSlot {
  onSilence: (isSilent: boolean) => void = () => undefined;
  private readonly spawn: () => Connection;
  private connection: Connection | null = null;
  private isHeavy = false;
  constructor(spawn: () => Connection) {
    this.spawn = spawn;
  }

  /** The living worker here, or a new one. */
  open(): Connection {
    if (this.connection && !this.connection.isDead) return this.connection;
    const made = (this.connection = this.spawn());
    made.onSilence = (isSilent) => this.onSilence(isSilent);
    return made;
  }
  async call<T>(task: (api: comlink.Remote<WorkerApi>) => Promise<T>): Promise<T> {
    return this.open().call(task);
  }
  /** Calls the worker that is here; without one, or when it dies meanwhile, nothing happens. */
  async tell(task: (api: comlink.Remote<WorkerApi>) => Promise<unknown>): Promise<void> {
    if (this.connection && !this.connection.isDead) await this.connection.call(task).catch(() => undefined);
  }

  /** Ends the worker; the next call opens another. */
  clear(): void {
    this.connection?.die();
    this.connection = null;
    this.isHeavy = false;
  }
  /** Between runs: notes whether the worker holds more than `budget` bytes, */
  async weigh(budget: number): Promise<void> {
    await this.tell(async (api) => {
      this.isHeavy = (await api.heldBytes()) > budget;
    });
  }
  /** and before the next one, replaces it then. */
  refresh(): void {
    if (this.isHeavy) this.clear();
  }
}
