// One seed of the run: every arm on the same points, as training points are added and as depth grows.
import { prng } from '../../util/prng.ts';
import type { Activation } from './activation.ts';
import { classify, kNearest, machines, majority, nearest, pairsOf, powerVote, type Pairs } from './classify.ts';
import { distanceAt, fittedPower, limitKernel, reach } from './kernel.ts';
import { drawSample, type Sample } from './octant.ts';
import { armNetworks, type Network } from './rules.ts';

export const NODES = 4096;
export const TEST = 2000;
const NEIGHBOURS = 15;
/** Training points at which arms are measured, up to n. */
const SIZES = [100, 200, 400, 800, 1600];
const DEPTHS = [2, 5, 10, 20, 40, 100, 1000, 10_000, 100_000];
const DEEPENED: readonly string[] = ['optimal', 'nearest-deep', 'majority-deep', 'relu-deep', 'yours'];
/** Distances between which the power is fitted. */
export const FIT: readonly [number, number] = [1e-3, 0.3];

export interface Design {
  n: number;
  d: number;
  noise: number;
}
export type Send = (arm: string, metric: string, step: number, value: number) => void;

/** A piece of work; the run yields between two. */
export type Task = () => void;

export const sizesUpTo = (n: number): number[] => [...SIZES.filter((size) => size < n), n];

/** What one seed does, in order. */
export function tasksOf(seed: number, design: Design, yours: Network, send: Send): Task[] {
  let scene: Scene;
  const networks = { ...armNetworks(design.d), yours };
  return [
    () => {
      scene = openScene(seed, design);
      references(scene, send);
    },
    ...Object.entries(networks).map(
      ([arm, network]) =>
        () =>
          measureArm(scene, arm, network, send),
    ),
    ...Object.entries(networks)
      .filter(([arm]) => DEEPENED.includes(arm))
      .flatMap(([arm, { activation }]) =>
        DEPTHS.filter((depth) => depth === reach(activation, depth)).map(
          (depth) => () => atDepth(scene, arm, activation, depth, send),
        ),
      ),
  ];
}

interface Scene {
  train: Sample;
  test: Sample;
  gram: Pairs;
  pairs: Pairs;
  sizes: number[];
  nearest: Int8Array;
}

function openScene(seed: number, { n, d, noise }: Design): Scene {
  const train = drawSample(prng(seed, 'train'), n, d, noise);
  const test = drawSample(prng(seed, 'test'), TEST, d, noise);
  const pairs = pairsOf(test, train, NODES);
  return {
    train,
    test,
    pairs,
    gram: pairsOf(train, train, NODES),
    sizes: sizesUpTo(n),
    nearest: nearest(pairs, train.labels, n),
  };
}

const share = (answers: Int8Array, truth: Int8Array): number =>
  answers.reduce((sum, y, i) => sum + Number(y === truth[i]), 0) / answers.length;

function report(scene: Scene, arm: string, n: number, answers: Int8Array, send: Send): void {
  send(arm, 'accuracy', n, share(answers, scene.test.clean));
  if (n !== scene.train.n) return;
  send(arm, 'noisy', n, share(answers, scene.test.labels));
  send(arm, 'agreement', n, share(answers, scene.nearest));
}

function measureArm(scene: Scene, arm: string, { activation, depth }: Network, send: Send): void {
  const { gram, pairs, sizes, train } = scene;
  machines(activation, depth, gram, train.labels, sizes).forEach((machine, i) =>
    report(scene, arm, sizes[i], classify(machine, pairs), send),
  );
  if (activation.limit === 'singular') send(arm, 'power', train.n, fittedPower(limitKernel(activation, NODES), FIT));
}

function atDepth(scene: Scene, arm: string, activation: Activation, depth: number, send: Send): void {
  const [machine] = machines(activation, depth, scene.gram, scene.train.labels, [scene.train.n]);
  send(arm, 'byDepth', depth, share(classify(machine, scene.pairs), scene.test.clean));
}

function references(scene: Scene, send: Send): void {
  const { train, pairs, sizes } = scene;
  const { labels } = train;
  const logDistance = Float64Array.from({ length: NODES }, (_, i) => Math.log(distanceAt(i, NODES)));
  const vote = (power: number, n: number) => classify(powerVote(power, labels, n, NODES, logDistance), pairs);
  for (const n of sizes) {
    report(scene, 'nearest', n, nearest(pairs, labels, n), send);
    report(scene, 'neighbours', n, kNearest(pairs, labels, n, NEIGHBOURS), send);
    report(scene, 'majority', n, majority(TEST, labels, n), send);
    report(scene, 'power1', n, vote(1, n), send);
    report(scene, 'powerd', n, vote(train.width - 1, n), send);
    report(scene, 'bayes', n, scene.test.clean, send);
  }
}
