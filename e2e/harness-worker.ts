// The worker of the harness: the fixture lab, and queries that look at the worker or break it.
import { fixtureLab } from '../src/runtime/testing/fixture-lab.ts';
import { heapBytes } from '../src/runtime/engine/ort.ts';
import { probe } from '../src/runtime/device/probe.ts';
import { serve } from '../src/runtime/wire/serve.ts';
import { makeStubborn } from './stubborn-gpu.ts';
import { bufferCount, countBuffers } from './count-buffers.ts';

countBuffers();
makeStubborn(self.name);

const queries = {
  ...fixtureLab.lab.queries,
  resources: async () => ({ buffers: await bufferCount(), heap: await heapBytes() }),
  /** An error that no promise catches. */
  crash: async () => {
    setTimeout(() => {
      throw new Error('the harness was told to crash');
    });
  },
};
/** Named `trial...`, the worker takes any adapter for a real one, so that the measured choice is made. */
const asHardware = async () => {
  const report = await probe();
  return { ...report, webgpu: { ...report.webgpu, isFallback: false } };
};

serve({
  probe: self.name.startsWith('trial') ? asHardware : undefined,
  slugs: () => ['fixture'],
  load: async (slug) => (slug === 'fixture' ? { ...fixtureLab, lab: { ...fixtureLab.lab, queries } } : null),
});
