// The teachers of the distillation labs: their network while it is trained, and the same network folded into a few nodes for its ONNX file.
import { conv, gemm, reduceMean, relu } from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { fanIn } from '../initialisers.ts';
import { linear } from '../layers.ts';
import type { Weights } from '../weights.ts';
import { stridedCnn } from './strided-cnn.ts';

const SIDE = 28;
const CLASSES = 10;
const FEATURE = 64;

export const TEACHER_CHANNELS = [32, 64, 128];
/** Images per run of the shipped model. */
export const TEACHER_BATCH = 200;
const NORM_EPSILON = 1e-5;

/** x [B, 1, 28, 28] -> features [B, 64] (linear, so that class means may point anywhere) and logits [B, 10]. */
export function teacher(p: Weights, x: Tensor, frozen: boolean): { features: Tensor; logits: Tensor } {
  const features = linear(p, 'feature', stridedCnn(p, x, { channels: TEACHER_CHANNELS, frozen }), FEATURE, {
    init: fanIn(TEACHER_CHANNELS[TEACHER_CHANNELS.length - 1], 1),
  });
  return { features, logits: linear(p, 'classifier', features, CLASSES, { init: fanIn(FEATURE, 1) }) };
}

/** Convolutions with batch norm folded in, and the two linear layers. */
export interface TeacherWeights {
  convs: { w: Float32Array; b: Float32Array }[];
  feature: { w: Float32Array; b: Float32Array };
  classifier: { w: Float32Array; b: Float32Array };
}

/** Folds batch norm: w' = w s, b' = bias - mean s, with s = scale / sqrt(var + epsilon) per output channel. */
export function foldTeacher(get: (name: string) => Float32Array): TeacherWeights {
  const convs = TEACHER_CHANNELS.map((width, i) => {
    const w = get(`conv${i}.w`);
    const scale = get(`norm${i}.scale`);
    const shift = get(`norm${i}.bias`);
    const mean = get(`norm${i}.mean`);
    const variance = get(`norm${i}.var`);
    const s = Float64Array.from({ length: width }, (_, c) => scale[c] / Math.sqrt(variance[c] + NORM_EPSILON));
    const each = w.length / width;
    return {
      w: w.map((v, k) => v * s[Math.floor(k / each)]),
      b: Float32Array.from(s, (v, c) => shift[c] - mean[c] * v),
    };
  });
  const layer = (name: string) => ({ w: get(`${name}.w`), b: get(`${name}.b`) });
  return { convs, feature: layer('feature'), classifier: layer('classifier') };
}

/** The folded teacher with its weights as constants. x [B, 1, 28, 28] -> features [B, 64], logits [B, 10]. */
export function foldedTeacher(
  x: Tensor,
  { convs, feature, classifier }: TeacherWeights,
): { features: Tensor; logits: Tensor } {
  const g = x.graph;
  let map = x;
  convs.forEach(({ w, b }, i) => {
    const [inputs, outputs] = [i === 0 ? 1 : TEACHER_CHANNELS[i - 1], TEACHER_CHANNELS[i]];
    map = relu(conv(map, g.constant(w, [outputs, inputs, 3, 3]), { stride: 2, pad: 1, bias: g.constant(b) }));
  });
  const layer = (t: Tensor, { w, b }: { w: Float32Array; b: Float32Array }) =>
    gemm(t, g.constant(w, [t.shape[1], b.length]), { bias: g.constant(b) });
  const features = layer(reduceMean(map, [2, 3]), feature);
  return { features, logits: layer(features, classifier) };
}

/** The graph of the shipped file: images [TEACHER_BATCH, 1, 28, 28] in 0..1 -> features, logits. */
export function teacherGraph(weights: TeacherWeights, batch = TEACHER_BATCH): Graph {
  const g = new Graph();
  const { features, logits } = foldedTeacher(g.input('images', [batch, 1, SIDE, SIDE]), weights);
  g.output('features', features);
  g.output('logits', logits);
  return g;
}
