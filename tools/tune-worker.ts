// A thread that trains and scores for `npm run tune`.
import { parentPort, workerData } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { openScorer, type ScorerSpec } from './tune-scorer.ts';
import type { Scorer } from './tuning.ts';

const scorer = openScorer(workerData as ScorerSpec);
const score: Scorer = async (task) => (await scorer)(task);
expose(score, nodeEndpoint(parentPort!));
