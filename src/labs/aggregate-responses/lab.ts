// Opens the lab: the linear part in plain numbers, then the networks on bags of images.
import { prng } from '../../util/prng.ts';
import type { TrainingGraph, CustomRun, LabContext, LabModule } from '../_kit/contract/lab.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { ArmInfo, KnobsOf } from '../_kit/contract/meta.ts';
import { checkClaims } from './claims.ts';
import { DRAWS, LinearRun } from './linear-run.ts';
import { meta } from './meta.ts';
import { NEURAL, NeuralRun } from './neural-run.ts';
import { SIDE, trainStep } from './neural.ts';
import { D } from './simulate.ts';

type Knobs = KnobsOf<typeof meta.controls>;

const armsOf = ({ rho }: Knobs): ArmInfo[] =>
  meta.arms.map((arm) => (arm.id === 'interpolating' ? { ...arm, label: `interpolating, ρ = ${rho}` } : arm));

async function custom(ctx: LabContext<Knobs>): Promise<CustomRun> {
  const { m, k, sigma, rho, epsilon, formation, loss } = ctx.knobs;
  ctx.status('loading Fashion-MNIST');
  const [train, test] = await Promise.all([
    ctx.data.split('fashion', 'train', { rows: NEURAL.rows, size: SIDE }),
    ctx.data.split('fashion', 'test', { rows: NEURAL.test, size: SIDE }),
  ]);
  const linear = new LinearRun({ d: D, m, k, sigma, epsilon }, rho, ctx.seeds, ctx.prng);
  const neural = new NeuralRun(
    ctx,
    { k, rho, epsilon, isSorted: formation === 'sorted', logistic: loss === 'logistic' },
    train,
    test,
  );
  let begun = false;
  const linearSteps = DRAWS * ctx.seeds.length;

  async function* loop(sink: Parameters<CustomRun['loop']>[0]): AsyncGenerator<{ done: number }> {
    const send = sink.point.bind(sink);
    ctx.status('drawing bags');
    for (let t = 1; t <= DRAWS; t++) {
      for (let c = 0; c < ctx.seeds.length; c++) {
        linear.step(c, t);
        yield { done: (t - 1) * ctx.seeds.length + c + 1 };
      }
      begun = true;
      linear.report(t, send);
      ctx.picture('risk', linear.table());
    }
    ctx.status('training networks on bags');
    try {
      await neural.open();
      for (let t = 1; t <= NEURAL.steps; t++) {
        await neural.step(t);
        if (t % NEURAL.every === 0) {
          await neural.evaluate(t, sink);
          ctx.picture('neural', neural.table());
        }
        yield { done: linearSteps + t };
      }
    } finally {
      await neural.dispose();
    }
  }
  return {
    arms: armsOf(ctx.knobs),
    total: linearSteps + NEURAL.steps,
    loop,
    claims: (arms) => checkClaims(arms, begun ? Math.max(linear.identityError, neural.identityError) : null),
    shortfall: shortfallOf(meta, ctx.knobs, { atDefault: ['m', 'k', 'sigma', 'epsilon', 'formation', 'loss'] }),
  };
}

/** Tiny networks under every loss, for the contract test. */
function trainingGraphs(): TrainingGraph[] {
  const inputs = 5;
  const rows = 12;
  const k = 3;
  const bags = 2;
  const seeds = 2;
  const members = [
    { rho: 0, own: false },
    { rho: 0.3, own: false },
    { rho: 1, own: true },
  ];
  const data = prng(2, 'sample');
  const train = data.uniforms(rows * inputs);
  const labels = Float32Array.from({ length: rows }, () => data.int(2));
  return [false, true].map((logistic) => ({
    name: logistic ? 'logistic loss' : 'squared loss',
    build(residency) {
      const { program, params } = trainStep({ inputs, hidden: 4, seeds, members, bags, k, rows, residency, logistic });
      return {
        program,
        init: program.zeroState(
          params.init(...Array.from({ length: seeds * members.length }, (_, s) => prng(s, 'init'))),
        ),
      };
    },
    sources: { train, labels },
    feeds: (random, program) => ({
      pick: random.permutation(rows).slice(0, seeds * bags * k),
      means: random.uniforms(seeds * bags),
      ...program.rates(1, 1e-3),
    }),
  }));
}

// not `seedsApart`: the best weight in hindsight is one for all seeds, and both tables are means over them
export const lab: LabModule<Knobs> = { custom, trainingGraphs };
