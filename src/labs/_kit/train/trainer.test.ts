// Steps that take turns on one set of weights, and metrics by name.
import { describe, expect, it } from 'vitest';
import { mul, reduceMean, square, sub } from '../../../graph/builder.ts';
import { Graph } from '../../../graph/graph.ts';
import { zeros } from '../../../nn/initialisers.ts';
import { Params } from '../../../nn/params.ts';
import { trainProgram } from '../../../optim/program.ts';
import { sgd } from '../../../optim/sgd.ts';
import { adam } from '../../../optim/adam.ts';
import { prng } from '../../../util/prng.ts';
import { referenceEngine, testContext } from '../testing/reference-engine.ts';
import { metricsByName, openTrainer, type TrainerSpec } from './trainer.ts';

/** Pulls one number per model towards `goal`. */
function pull(goal: number, optimiser = sgd(), width = 1) {
  const params = new Params(new Graph(), 2);
  const w = params.get('w', [width], zeros); // [2, width]
  const loss = reduceMean(mul(square(sub(w, goal)), 0.5), -1);
  return { params, program: trainProgram({ params, loss, optimiser }) };
}
const spec = (steps: TrainerSpec['steps'], turn?: TrainerSpec['turn']): TrainerSpec => ({
  steps,
  turn,
  starts: [prng(1), prng(1)],
  feeds: () => ({}),
  rate: () => 0.5,
});

describe('a trainer', () => {
  it('hands the weights from one step to the next, each counting for its own optimiser', async () => {
    const { ctx } = testContext(referenceEngine());
    const turns = (t: number) => (t % 2 ? 'up' : 'down');
    const trainer = await openTrainer(ctx, spec({ up: pull(1), down: pull(-1) }, turns));
    await trainer.advance(1);
    expect(Array.from((await trainer.weights()).theta)).toEqual([0.5, 0.5]);
    await trainer.advance(1);
    expect(Array.from((await trainer.weights()).theta)).toEqual([-0.25, -0.25]);
    expect((await trainer.metrics()).loss).toEqual(Float32Array.of(1.125, 1.125));
    expect(trainer.steps).toBe(2);
  });

  it('goes on exactly after saving, in the middle of the turns', async () => {
    const open = () =>
      openTrainer(
        testContext(referenceEngine()).ctx,
        spec({ up: pull(1, adam()), down: pull(-1, sgd({ momentum: 0.9 })) }, (t) => (t % 3 ? 'up' : 'down')),
      );
    const whole = await open();
    await whole.advance(7);
    const expected = Array.from((await whole.weights()).theta);
    for (const cut of [1, 2, 3, 4, 5, 6]) {
      const first = await open();
      await first.advance(cut);
      const second = await open();
      await second.load(structuredClone(await first.save()));
      expect(await second.metrics()).toEqual({});
      await second.advance(7 - cut);
      expect(Array.from((await second.weights()).theta)).toEqual(expected);
    }
  });

  it('starts from given weights, and lets a stopped run be', async () => {
    const { ctx, abort } = testContext(referenceEngine());
    const trainer = await openTrainer(ctx, {
      ...spec({ up: pull(1) }),
      init: { theta: Float32Array.of(3, 1), other: Float32Array.of(1) },
    });
    await trainer.advance(1);
    expect(Array.from(await trainer.read('theta'))).toEqual([2, 1]);
    abort.abort();
    await trainer.advance(4);
    expect(trainer.steps).toBe(1);
  });

  it('refuses steps with other weights, and unknown turns', async () => {
    const engine = referenceEngine();
    const { ctx } = testContext(engine);
    await expect(openTrainer(ctx, spec({ a: pull(1), b: pull(1, sgd(), 2) }))).rejects.toThrow(
      'trainer: expected steps with 1 weights each; got 2 in "b"',
    );
    const trainer = await openTrainer(
      ctx,
      spec({ a: pull(1) }, () => 'z'),
    );
    await expect(trainer.advance(1)).rejects.toThrow('unknown train step "z"; known: a');
    await trainer.dispose();
    expect(engine.openCount).toBe(0);
  });
});

it('metrics have one value per model, shared ones repeated', () => {
  const named = metricsByName(['loss#0', 'loss#1', 'size'], Float32Array.of(1, 2, 3), 2);
  expect(named).toEqual({ loss: Float32Array.of(1, 2), size: Float32Array.of(3, 3) });
});
