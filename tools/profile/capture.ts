// A train step to profile: a reference model of the bench, or the first step of a lab's first trial with its real data.
import { prng } from '../../src/util/prng.ts';
import type { Engine, Feeds, HostArray, Stepper } from '../../src/engine/engine.ts';
import type { Program } from '../../src/graph/program.ts';
import type { LabContext } from '../../src/labs/_kit/contract/lab.ts';
import { defaultKnobs } from '../../src/labs/_kit/contract/knobs.ts';
import { fetchFromDisk } from '../../src/data/fetch-disk.ts';
import { openDataStore } from '../../src/data/store.ts';
import { openEngine } from '../../src/runtime/engine/engine.ts';
import { labSlugs, loadLab } from '../../src/runtime/node/node-host.ts';
import { fileURLToPath } from 'node:url';
import { firstWeights, RATE, workloads, type WorkloadId } from '../bench/workload.ts';

export interface Captured {
  name: string;
  program: Program;
  init: Record<string, Float32Array>;
  sources: Record<string, HostArray>;
  feeds: Feeds;
}

export const known = (): string => `models ${Object.keys(workloads).join(', ')}; labs ${labSlugs().join(', ')}`;

/** @throws Error that lists what is known */
export async function capture(name: string, batch?: number): Promise<Captured> {
  if (Object.hasOwn(workloads, name)) return captureModel(name as WorkloadId, batch);
  if (labSlugs().includes(name)) return captureLab(name);
  throw new Error(`profile: unknown model or lab "${name}"; known: ${known()}`);
}

function captureModel(id: WorkloadId, batch: number = workloads[id].batches.wasm[0]): Captured {
  const workload = workloads[id];
  const built = workload.build(batch);
  const { program } = built;
  const sources = Object.fromEntries(Object.entries(workload.data(batch)).map(([input, t]) => [input, t.data]));
  return {
    name: `${id}, batch ${batch}`,
    program,
    init: program.zeroState(firstWeights(built).flat),
    sources,
    feeds: program.rates(1, RATE),
  };
}

class Caught extends Error {
  readonly captured: Captured;
  constructor(captured: Captured) {
    super('captured');
    this.captured = captured;
  }
}

/** Runs the lab until its first training step and catches that. */
async function captureLab(slug: string): Promise<Captured> {
  const { meta, lab } = (await loadLab(slug))!;
  if (!lab.experiment) throw new Error(`profile: expected a lab with an experiment; "${slug}" drives its own loop`);
  const real = await openEngine('wasm');
  const engine: Engine = {
    backend: 'wasm',
    residency: 'host',
    runner: (model, sources) => real.runner(model, sources),
    stepper: async (program, init, sources = {}) => catcher({ name: slug, program, init, sources }),
  };
  const ignore = () => undefined;
  const data = openDataStore(fetchFromDisk(fileURLToPath(new URL('../../public/', import.meta.url))));
  const ctx: LabContext = {
    knobs: defaultKnobs(meta),
    seeds: [1],
    engine,
    data,
    prng,
    signal: new AbortController().signal,
    status: ignore,
    notice: ignore,
    picture: ignore,
    part: ignore,
  };
  try {
    const trial = await (await lab.experiment(ctx)).trials[0]();
    await trial.advance(1);
  } catch (error) {
    if (error instanceof Caught) return error.captured;
    throw error;
  }
  throw new Error(`profile: expected "${slug}" to take a training step; it took none`);
}

/** A stepper that holds its first state and throws at the first step. */
function catcher(found: Omit<Captured, 'feeds'>): Stepper {
  const state = { ...found.init };
  return {
    steps: 0,
    step: async (feeds) => {
      throw new Caught({ ...found, init: state, feeds });
    },
    metrics: async () => new Float32Array(0),
    read: async (name) => state[name].slice(),
    write: async (name, value) => {
      state[name] = value.slice();
    },
    save: async () => ({ steps: 0, arrays: state }),
    load: async (saved) => {
      Object.assign(state, saved.arrays);
    },
    dispose: async () => undefined,
  };
}
