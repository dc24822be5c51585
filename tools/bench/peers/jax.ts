// jax-js as a contender: loss, gradient and Adam in one compiled function. Every use consumes an array, `.ref` is one more use.
import {
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
  type Array as JaxArray,
} from '@jax-js/jax';
import type { Contender, Task } from '../contender.ts';
import { CHANNELS, TAU } from '../models/cnn.ts';
import { SOFT, TEMPERATURE } from '../models/distill.ts';
import { HEADS, LAYERS, TOKENS, WIDTH } from '../models/vit.ts';
import type { HostTensors } from '../model.ts';
import { RATE, type WorkloadId } from '../workload.ts';

type Arrays = Record<string, JaxArray>;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

export async function openJax({ workload, batch, target, weights, data }: Task): Promise<Contender> {
  if (!(await init(target)).includes(target)) throw new Error(`jax-js has no ${target} backend here`);
  defaultDevice(target);
  const upload = (from: HostTensors): Arrays =>
    Object.fromEntries(
      Object.entries(from).map(([name, { data: values, shape }]) => [name, np.array(values).reshape(shape)]),
    );
  const loss = losses[workload.id];
  const fixed = upload({ ...data, ...workload.peerData?.(batch) });
  let p = upload(weights);
  let m = tree.map(np.zerosLike, tree.ref(p));
  let v = tree.map(np.zerosLike, tree.ref(p));
  let t = 0;
  const step = jit(
    (
      p0: Arrays,
      m0: Arrays,
      v0: Arrays,
      given: Arrays,
      alpha: JaxArray,
      epsilon: JaxArray,
    ): [JaxArray, Arrays, Arrays, Arrays] => {
      const [value, gradient] = valueAndGrad(loss)(tree.ref(p0), given);
      const m1 = tree.map((old, g) => old.mul(BETA1).add(g.mul(1 - BETA1)), m0, tree.ref(gradient));
      const v1 = tree.map((old, g) => old.mul(BETA2).add(np.square(g).mul(1 - BETA2)), v0, gradient);
      const p1 = tree.map(
        (w, a, b) => w.sub(a.mul(alpha.ref).div(np.sqrt(b).add(epsilon.ref))),
        p0,
        tree.ref(m1),
        tree.ref(v1),
      );
      tree.dispose([alpha, epsilon]);
      return [value, p1, m1, v1];
    },
  );
  const scalar = (x: number) => np.array(Float32Array.of(x));
  const advance = (): JaxArray => {
    const correction = Math.sqrt(1 - BETA2 ** ++t);
    let value: JaxArray;
    [value, p, m, v] = step(
      p,
      m,
      v,
      tree.ref(fixed),
      scalar((RATE * correction) / (1 - BETA1 ** t)),
      scalar(EPSILON * correction),
    );
    return value;
  };
  return {
    nodes: null,
    async run(count) {
      for (let i = 1; i < count; i++) advance().dispose();
      return (await advance().data())[0];
    },
    dispose() {
      tree.dispose([p, m, v, fixed]);
      step.dispose();
    },
  };
}

const linear = (p: Arrays, name: string, x: JaxArray) => np.matmul(x, p[`${name}.w`]).add(p[`${name}.b`]);
const layers = (p: Arrays, name: string, x: JaxArray, depth: number): JaxArray => {
  let h = x;
  for (let i = 0; i < depth; i++) h = linear(p, `${name}.${i}`, i ? nn.relu(h) : h);
  return h;
};
const crossEntropy = (logits: JaxArray, y: JaxArray) => {
  const B = y.shape[0];
  return np.sum(nn.logSoftmax(logits, -1).mul(y)).mul(-1 / B);
};
function layerNorm(p: Arrays, name: string, x: JaxArray): JaxArray {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(p[`${name}.scale`])
    .add(p[`${name}.bias`]);
}

function cnn(p: Arrays, { x, mask, partner }: Arrays): JaxArray {
  const rows = x.shape[0];
  let map = x;
  CHANNELS.forEach((width, i) => {
    map = nn.relu(
      lax
        .convGeneralDilated(
          map,
          p[`conv${i}.w`],
          [2, 2],
          [
            [1, 1],
            [1, 1],
          ],
        )
        .add(p[`conv${i}.b`].reshape([width, 1, 1])),
    );
  });
  const raw = layers(p, 'head', np.mean(map, [2, 3]), 2);
  const z = raw.ref.div(np.sqrt(np.sum(np.square(raw), 1, { keepdims: true }).add(1e-12)));
  const logits = np
    .matmul(z.ref, np.matrixTranspose(z))
    .mul(1 / TAU)
    .add(mask);
  return np.sum(nn.logSoftmax(logits, -1).mul(partner)).mul(-1 / rows);
}

function attention(p: Arrays, name: string, x: JaxArray, B: number): JaxArray {
  const d = WIDTH / HEADS;
  const packed = np.transpose(np.matmul(x, p[`${name}.qkv.w`]).reshape([B, TOKENS, 3, HEADS, d]), [2, 0, 3, 1, 4]);
  const [q, k, v] = np.split(packed, 3, 0).map((t) => t.reshape([B, HEADS, TOKENS, d]));
  const weights = nn.softmax(np.matmul(q.mul(1 / Math.sqrt(d)), np.matrixTranspose(k)), -1);
  return np.matmul(np.transpose(np.matmul(weights, v), [0, 2, 1, 3]).reshape([B, TOKENS, WIDTH]), p[`${name}.out.w`]);
}
function vit(p: Arrays, { x, y }: Arrays): JaxArray {
  const B = y.shape[0];
  let h = linear(p, 'embed', x).add(p.position);
  for (let l = 0; l < LAYERS; l++) {
    h = h.ref.add(attention(p, `block${l}.attention`, layerNorm(p, `block${l}.norm0`, h), B));
    const u = linear(p, `block${l}.up`, layerNorm(p, `block${l}.norm1`, h.ref));
    h = h.add(linear(p, `block${l}.down`, u.ref.mul(nn.sigmoid(u.mul(1.702)))));
  }
  return crossEntropy(linear(p, 'head', np.mean(layerNorm(p, 'norm', h), 1)), y);
}

const mlp = (p: Arrays, { x, y }: Arrays): JaxArray => crossEntropy(layers(p, 'mlp', x, 3), y);

function distill(p: Arrays, { x, y, ...teacher }: Arrays): JaxArray {
  const B = y.shape[0];
  const logits = layers(p, 'student', x.ref, 3);
  const t = layers(teacher, 'teacher', x, 3).mul(1 / TEMPERATURE);
  const gap = nn.logSoftmax(t.ref, -1).sub(nn.logSoftmax(logits.ref.mul(1 / TEMPERATURE), -1));
  const kl = np.sum(nn.softmax(t, -1).mul(gap)).mul((SOFT * TEMPERATURE ** 2) / B);
  return kl.add(crossEntropy(logits, y).mul(1 - SOFT));
}

const losses: Record<WorkloadId, (p: Arrays, given: Arrays) => JaxArray> = { cnn, vit, mlp, distill };
