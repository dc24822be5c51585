// TensorFlow.js as a contender: eager ops and its own Adam. Maps are [B, H, W, C], filters [h, w, in, out], as it wants them.
import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Contender, Task } from '../contender.ts';
import { CHANNELS, TAU } from '../models/cnn.ts';
import { SOFT, TEMPERATURE } from '../models/distill.ts';
import { HEADS, LAYERS, TOKENS, WIDTH } from '../models/vit.ts';
import type { HostTensor } from '../model.ts';
import { RATE, type WorkloadId } from '../workload.ts';

type Tensors = Record<string, Tensor>;

export async function openTfjs({ workload, batch, target, weights, data }: Task): Promise<Contender> {
  if (!(await tf.setBackend(target))) throw new Error(`tfjs has no ${target} backend here`);
  await tf.ready();
  const upload = (from: Record<string, HostTensor>) =>
    Object.fromEntries(Object.entries(from).map(([name, t]) => [name, place(t)]));
  const p = Object.fromEntries(Object.entries(upload(weights)).map(([name, t]) => [name, tf.variable(t)]));
  const fixed = upload({ ...data, ...workload.peerData?.(batch) });
  const optimiser = tf.train.adam(RATE, 0.9, 0.999, 1e-8);
  const variables = Object.values(p);
  const loss = () => losses[workload.id](p, fixed);
  const step = () => optimiser.minimize(loss, true, variables);
  return {
    nodes: null,
    async run(count) {
      for (let i = 1; i < count; i++) step().dispose();
      const last = step();
      const [value] = await last.data();
      last.dispose();
      return value;
    },
    dispose() {
      optimiser.dispose();
      for (const t of [...variables, ...Object.values(fixed)]) t.dispose();
    },
  };
}

/** 4-D tensors change to the order that tfjs wants: filters [o, i, h, w] -> [h, w, i, o], maps [b, c, h, w] -> [b, h, w, c]. */
function place({ shape, data }: HostTensor): Tensor {
  const t = tf.tensor(data, shape);
  if (shape.length !== 4) return t;
  const moved = tf.tidy(() => t.transpose(shape[2] === 3 ? [2, 3, 1, 0] : [0, 2, 3, 1]));
  t.dispose();
  return moved;
}

const linear = (p: Tensors, name: string, x: Tensor) => tf.matMul(x, p[`${name}.w`]).add(p[`${name}.b`]);
const layers = (p: Tensors, name: string, x: Tensor, depth: number): Tensor => {
  let h = x;
  for (let i = 0; i < depth; i++) h = linear(p, `${name}.${i}`, i ? tf.relu(h) : h);
  return h;
};
const crossEntropy = (logits: Tensor, y: Tensor) =>
  tf
    .logSoftmax(logits)
    .mul(y)
    .sum()
    .mul(-1 / y.shape[0]);
function layerNorm(p: Tensors, name: string, x: Tensor): Tensor {
  const centred = x.sub(x.mean(-1, true));
  return centred.div(centred.square().mean(-1, true).add(1e-5).sqrt()).mul(p[`${name}.scale`]).add(p[`${name}.bias`]);
}

function cnn(p: Tensors, { x, mask, partner }: Tensors): Tensor {
  let map = x;
  CHANNELS.forEach((_, i) => {
    map = tf.relu(tf.conv2d(map, p[`conv${i}.w`], 2, 1).add(p[`conv${i}.b`]));
  });
  const raw = layers(p, 'head', map.mean([1, 2]), 2);
  const z = raw.div(raw.square().sum(1, true).add(1e-12).sqrt());
  return tf
    .logSoftmax(
      z
        .matMul(z, false, true)
        .mul(1 / TAU)
        .add(mask),
    )
    .mul(partner)
    .sum()
    .mul(-1 / x.shape[0]);
}

function attention(p: Tensors, name: string, x: Tensor, B: number): Tensor {
  const d = WIDTH / HEADS;
  const packed = x.matMul(p[`${name}.qkv.w`]).reshape([B, TOKENS, 3, HEADS, d]).transpose([2, 0, 3, 1, 4]);
  const [q, k, v] = tf.unstack(packed, 0);
  const scores = tf.softmax(tf.matMul(q.mul(1 / Math.sqrt(d)), k, false, true));
  return tf
    .matMul(scores, v)
    .transpose([0, 2, 1, 3])
    .reshape([B * TOKENS, WIDTH])
    .matMul(p[`${name}.out.w`]);
}
function vit(p: Tensors, { x, y }: Tensors): Tensor {
  const B = y.shape[0];
  let h = linear(p, 'embed', x.reshape([B * TOKENS, -1]))
    .reshape([B, TOKENS, WIDTH])
    .add(p.position)
    .reshape([B * TOKENS, WIDTH]);
  for (let l = 0; l < LAYERS; l++) {
    h = h.add(attention(p, `block${l}.attention`, layerNorm(p, `block${l}.norm0`, h), B));
    const u = linear(p, `block${l}.up`, layerNorm(p, `block${l}.norm1`, h));
    h = h.add(linear(p, `block${l}.down`, u.mul(tf.sigmoid(u.mul(1.702)))));
  }
  return crossEntropy(linear(p, 'head', layerNorm(p, 'norm', h).reshape([B, TOKENS, WIDTH]).mean(1)), y);
}

const mlp = (p: Tensors, { x, y }: Tensors): Tensor => crossEntropy(layers(p, 'mlp', x, 3), y);

function distill(p: Tensors, { x, y, ...teacher }: Tensors): Tensor {
  const logits = layers(p, 'student', x, 3);
  const t = layers(teacher, 'teacher', x, 3).mul(1 / TEMPERATURE);
  const kl = tf
    .softmax(t)
    .mul(tf.logSoftmax(t).sub(tf.logSoftmax(logits.mul(1 / TEMPERATURE))))
    .sum()
    .mul((SOFT * TEMPERATURE ** 2) / y.shape[0]);
  return kl.add(crossEntropy(logits, y).mul(1 - SOFT));
}

const losses: Record<WorkloadId, (p: Tensors, fixed: Tensors) => Tensor> = { cnn, vit, mlp, distill };
