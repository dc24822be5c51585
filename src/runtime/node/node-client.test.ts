// Worker threads share a run of a real lab, and give the numbers of one thread.
import { afterEach, expect, it } from 'vitest';
import type { LabClient } from '../wire/client.ts';
import type { RunEvent } from '../wire/protocol.ts';
import { createNodeClient } from './node-client.ts';

const clients: LabClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

it('two threads give the numbers of one, to the last digit', { timeout: 300_000 }, async () => {
  const runWith = async (workers: number) => {
    const client = createNodeClient({ backend: 'wasm' });
    clients.push(client);
    const used: number[] = [];
    const onEvent = (event: RunEvent) => void (event.type === 'workers' && used.push(event.of));
    const knobs = { budget: 'glimpse' };
    const result = await client.run(
      { slug: 'contrastive-behaviour', knobs, seeds: [1], backend: 'auto', workers },
      onEvent,
    );
    return { result: result!, used };
  };
  const [one, two] = [await runWith(1), await runWith(2)];
  expect([one.used, two.used]).toEqual([[1], [2]]);
  expect(two.result.arms).toEqual(one.result.arms);
  expect(two.result.claims).toEqual(one.result.claims);
});
