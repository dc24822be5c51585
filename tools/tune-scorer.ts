// What trains and scores for `npm run tune`, in this thread or in one of its own.
import { defaultKnobs } from '../src/labs/_kit/contract/knobs.ts';
import type { Backend } from '../src/engine/engine.ts';
import { openEngine } from '../src/runtime/engine/engine.ts';
import { limitThreads } from '../src/runtime/engine/ort.ts';
import { loadLab, packagedData } from '../src/runtime/node/node-host.ts';
import { useDawn, useNative } from '../src/runtime/node/node.ts';
import { prng } from '../src/util/prng.ts';
import { scorerOf, tuningSeeds, type Scorer } from './tuning.ts';

export interface ScorerSpec {
  slug: string;
  backend: Backend;
  /** How many tuning seeds. */
  seeds: number;
  /** Native threads of its engine. */
  threads: number;
}

/** @throws Error when the backend needs something that is not installed. */
export async function openScorer({ slug, backend, seeds, threads }: ScorerSpec): Promise<Scorer> {
  const { meta, lab } = (await loadLab(slug))!;
  limitThreads(threads);
  if (backend === 'webgpu') await useDawn();
  else if (backend === 'cpu') useNative();
  const ignore = () => undefined;
  return scorerOf(lab.tune!, {
    knobs: defaultKnobs(meta),
    seeds: tuningSeeds(seeds),
    engine: await openEngine(backend),
    data: packagedData(),
    prng,
    signal: new AbortController().signal,
    status: ignore,
    notice: ignore,
    picture: ignore,
    part: ignore,
  });
}
