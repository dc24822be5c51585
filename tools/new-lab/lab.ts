// The lab: data, network, the losses of its arms, and what is measured.
import { add, mul, relu, reshape, sub } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { crossEntropy } from '../../losses/cross-entropy.ts';
import { oneHot } from '../../losses/one-hot.ts';
import { linear } from '../../nn/layers.ts';
import { sgd } from '../../optim/sgd.ts';
import type { DataSplit } from '../../data/types.ts';
import { batchOrder } from '../../util/epochs.ts';
import { shortfallOf } from '../_kit/claims/shortfall.ts';
import type { KnobsOf } from '../_kit/contract/meta.ts';
import { armsPlan } from '../_kit/train/arms-plan.ts';
import { correct } from '../_kit/train/correct.ts';
import type { ModelGraph } from '../_kit/train/model-graph.ts';
import { tinyImages } from '../_kit/train/tiny-images.ts';
import { trainedArms } from '../_kit/train/trained-arms.ts';
import { claims } from './claims.ts';
import { meta } from './meta.ts';

type Knobs = KnobsOf<typeof meta.controls>;

const SIZE = 14;
const PIXELS = SIZE * SIZE;
const CLASSES = 10;

/** What a run is made of. */
interface Setup {
  knobs: Knobs;
  train: DataSplit;
  test: DataSplit;
  hidden: number;
  batch: number;
}

/** Logits of the images that the step's rows name. @returns [S, B, 10] */
function logitsOf(graph: ModelGraph, hidden: number): Tensor {
  const x = graph.rows('images', [PIXELS]); // [B, 196]
  const h = relu(linear(graph.params, 'hidden', x, hidden, { shared: true })); // [S, B, hidden]
  return linear(graph.params, 'out', h, CLASSES);
}

/** Targets of which each model gives a share of its own to all classes alike. y [B, C], share [S] -> [S, B, C] */
function smoothed(y: Tensor, share: Tensor): Tensor {
  const s = reshape(share, [-1, 1, 1]);
  return add(mul(y, sub(1, s)), mul(s, 1 / CLASSES));
}

const plan = ({ knobs, train, test, hidden, batch }: Setup) =>
  armsPlan({
    arms: meta.arms.map((arm) => ({
      ...arm,
      kind: 'smoothed',
      numbers: { share: arm.id === 'smooth' ? knobs.share : 0 },
    })),
    steps: 100,
    evaluations: 5,
    train: {
      batch,
      rate: knobs.rate,
      sources: { images: train.values, labels: train.labels },
      step(graph) {
        const y = oneHot(graph.rows('labels', []), CLASSES); // [B, 10]
        const loss = crossEntropy(logitsOf(graph, hidden), smoothed(y, graph.number('share'))); // [S]
        return { loss, optimiser: sgd({ momentum: 0.9 }) };
      },
      feeds(stream) {
        const rows = batchOrder(stream('batches'), train.rows, batch);
        return (t) => ({ pick: rows(t) });
      },
    },
    read: {
      network: (graph) => ({ logits: logitsOf(graph, hidden) }),
      sets: { test: { rows: test.rows, sources: { images: test.values } } },
      chunk: 500,
    },
    async measure(model) {
      const { logits } = await model.read('test');
      return { accuracy: correct(logits, test.labels), loss: model.last.loss };
    },
    claims,
    shortfall: shortfallOf(meta, knobs, { atDefault: ['rate', 'share'] }),
  });

export const lab = trainedArms(meta, {
  async load(ctx, held) {
    ctx.status('loading Fashion-MNIST');
    const [train, test] = await Promise.all([
      ctx.data.split('fashion', 'train', { rows: 2000, size: SIZE }),
      ctx.data.split('fashion', held, { rows: 1000, size: SIZE }),
    ]);
    return { knobs: ctx.knobs, train, test, hidden: 32, batch: 64 };
  },
  plan,
  tiny: {
    'both arms': (knobs) => {
      const images = tinyImages({ rows: 5, side: SIZE });
      return { knobs, train: images, test: images, hidden: 3, batch: 4 };
    },
  },
  tune: { metric: 'accuracy', grid: [0.02, 0.05, 0.1] },
});
