import { expect, it } from 'vitest';
import { Mutex } from './mutex.ts';
import type { Ort } from './ort.ts';
import { SessionPool } from './sessions.ts';

/** An onnxruntime that only keeps account. */
function pool() {
  const log: string[] = [];
  const create = async (bytes: Uint8Array) => {
    if (bytes[0] === 255) throw new Error('broken model');
    log.push(`+${bytes[0]}`);
    return {
      release: async () => {
        log.push(`-${bytes[0]}`);
      },
    };
  };
  return { log, pool: new SessionPool({ InferenceSession: { create } } as unknown as Ort, new Mutex(), {}) };
}
const model = (id: number, length = 4) => new Uint8Array(length).fill(id);

it('shares a session among equal models and keeps it when the last user goes', async () => {
  const { log, pool: p } = pool();
  const [a, b] = await Promise.all([p.acquire(model(1)), p.acquire(model(1))]);
  expect(a.session).toBe(b.session);
  await a.release();
  await a.release();
  await b.release();
  expect((await p.acquire(model(1))).session).toBe(a.session);
  expect(log).toEqual(['+1']);
});

it('releases the ones that were idle longest, and never one in use', async () => {
  const { log, pool: p } = pool();
  const used = await p.acquire(model(100));
  for (let i = 0; i < 15; i++) await (await p.acquire(model(i))).release();
  expect(log.filter((l) => l.startsWith('-'))).toEqual(['-0', '-1', '-2']);
  expect(p.size).toBe(13);
  expect(p.releasedBytes).toBe(12);
  await used.release();
  expect(log.at(-1)).toBe('-3');
});

it('does not keep large idle models', async () => {
  const { log, pool: p } = pool();
  await (await p.acquire(model(1, 40 * 2 ** 20))).release();
  expect(log).toEqual(['+1', '-1']);
});

it('forgets a model that could not be loaded', async () => {
  const { pool: p } = pool();
  await expect(p.acquire(model(255))).rejects.toThrow('loading the graph: broken model');
  expect(p.size).toBe(0);
});

it('clears everything, in use or not', async () => {
  const { log, pool: p } = pool();
  const lease = await p.acquire(model(1));
  await (await p.acquire(model(2))).release();
  await p.clear();
  expect(log.slice(2).sort()).toEqual(['-1', '-2']);
  await lease.release();
  expect(log).toHaveLength(4);
});

it('a lock lets tasks through one at a time, in order, whatever becomes of them', async () => {
  const lock = new Mutex();
  const log: string[] = [];
  const task = (name: string, ms: number, fails = false) =>
    lock.run(async () => {
      log.push(`${name}(`);
      await new Promise((resolve) => {
        setTimeout(resolve, ms);
      });
      log.push(`)${name}`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([task('a', 5), task('b', 1, true), task('c', 0)]);
  expect(all.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log.join(' ')).toBe('a( )a b( )b c( )c');
  expect(lock.depth).toBe(0);
});
