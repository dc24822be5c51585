// An inference graph, ours or foreign, on any backend: feeds in, host arrays out.
import type { Feeds, HostArray, Runner } from '../../engine/engine.ts';
import { during, EngineError } from '../wire/errors.ts';
import { bindFeeds, resolveShape, type InputPlan } from './inputs.ts';
import type { Mutex } from './mutex.ts';
import type { Ort, OrtTensor, Session } from './ort.ts';
import type { Lease } from './sessions.ts';

export interface RunnerParts {
  ort: Ort;
  lock: Mutex;
  lease: Lease;
  /** Absent for foreign models: their session says what they want. */
  plan?: InputPlan;
  /** Tensors that stay where they are. */
  fixed: Record<string, OrtTensor>;
  /** Watches over a call on a device that can be lost. */
  guard?<T>(call: Promise<T>): Promise<T>;
  closed(): void | Promise<void>;
}

export class ModelRunner implements Runner {
  private open = true;
  private readonly parts: RunnerParts;
  constructor(parts: RunnerParts) {
    this.parts = parts;
  }

  run(feeds: Feeds): Promise<Record<string, HostArray>> {
    const { lock, lease, fixed, guard = (call) => call } = this.parts;
    return lock.run(async () => {
      if (!this.open) throw new EngineError('internal', 'run: expected an open runner; got a disposed one');
      try {
        return toHost(await guard(lease.session.run({ ...fixed, ...this.tensors(feeds) })));
      } catch (error) {
        throw during('running the model', error);
      }
    });
  }

  async dispose(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.parts.lease.release();
    await this.parts.closed();
  }

  private tensors(feeds: Feeds): Record<string, OrtTensor> {
    const { ort, plan, lease } = this.parts;
    if (!plan) return foreignTensors(ort, lease.session, feeds);
    return Object.fromEntries(
      bindFeeds(plan, feeds).map(({ type, data }) => [
        type.name,
        new ort.Tensor(type.dtype as 'float32', data as Float32Array, type.shape),
      ]),
    );
  }
}

/** int64 inputs take Int32Arrays; one open dimension follows from the length. */
function foreignTensors(ort: Ort, session: Session, feeds: Feeds): Record<string, OrtTensor> {
  return Object.fromEntries(
    session.inputMetadata.map((meta) => {
      const value = feeds[meta.name];
      if (value === undefined || !meta.isTensor)
        throw new EngineError(
          'internal',
          `feed ${meta.name}: expected a tensor; got ${value === undefined ? 'nothing' : 'a non-tensor input'}`,
        );
      const array =
        typeof value === 'number' ? (meta.type === 'float32' ? Float32Array.of(value) : Int32Array.of(value)) : value;
      const data =
        meta.type === 'int64'
          ? BigInt64Array.from(Array.from(array, BigInt))
          : meta.type === 'bool'
            ? Uint8Array.from(array)
            : array;
      return [
        meta.name,
        new ort.Tensor(meta.type as 'float32', data as Float32Array, resolveShape(meta.name, meta.shape, array.length)),
      ];
    }),
  );
}

/** int64 (the indices of TopK and ArgMax) and bool become Int32Array. */
function toHost(outputs: Record<string, unknown>): Record<string, HostArray> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const { data, type } = value as OrtTensor;
      if (type === 'int64') return [name, Int32Array.from(data as BigInt64Array, Number)];
      if (type === 'bool' || type === 'uint8' || type === 'int8') return [name, Int32Array.from(data as Uint8Array)];
      if (data instanceof Float32Array || data instanceof Int32Array) return [name, data];
      throw new EngineError('unsupported', `output ${name}: expected float32, int32, int64 or bool; got ${type}`);
    }),
  );
}
