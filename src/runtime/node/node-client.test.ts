// Worker threads share a run of a real lab, and give the numbers of one thread.
import { afterEach, expect, it } from 'vitest';
import type { LabClient } from '../wire/client.ts';
import type { RunEvent } from '../wire/protocol.ts';
import { createNodeClient } from './node-client.ts';

let client: LabClient | undefined;
afterEach(() => client?.dispose());

it('two threads give the numbers of one, to the last digit', { timeout: 300_000 }, async () => {
  // the thread of the first run leads the second one, with a thread that is new
  const own = (client = createNodeClient({ backend: 'cpu' }));
  const runWith = async (workers: number) => {
    const used: number[] = [];
    const onEvent = (event: RunEvent) => void (event.type === 'workers' && used.push(event.of));
    const request = {
      slug: 'contrastive-behaviour',
      knobs: { budget: 'glimpse' },
      seeds: [1],
      backend: 'auto' as const,
    };
    const result = await own.run({ ...request, workers }, onEvent);
    return { result: result!, used };
  };
  const [one, two] = [await runWith(1), await runWith(2)];
  expect([one.used, two.used]).toEqual([[1], [2]]);
  expect(two.result.arms).toEqual(one.result.arms);
  expect(two.result.claims).toEqual(one.result.claims);
});
