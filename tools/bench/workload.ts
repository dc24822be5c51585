// What the bench compares: four train steps, each with its weights, its data and our program, by name.
import { prng } from '../../src/util/prng.ts';
import { size } from '../../src/util/shape.ts';
import type { Built, HostTensors } from './model.ts';
import { cnn, cnnData, cnnPairs } from './models/cnn.ts';
import { distill, distillData, teacherWeights } from './models/distill.ts';
import { mlp, mlpData } from './models/mlp.ts';
import { vit, vitData } from './models/vit.ts';

export type WorkloadId = 'cnn' | 'vit' | 'mlp' | 'distill';
export interface Workload {
  id: WorkloadId;
  title: string;
  /** Two batch sizes for a CPU, for a GPU, and for the software adapter, which is hundreds of times slower than a GPU. */
  batches: Record<Scale, readonly [number, number]>;
  build(batch: number): Built;
  /** Inputs that stay the same from step to step, resident on the device. */
  data(batch: number): HostTensors;
  /** What the peers are given besides: frozen weights and constants that our program holds in its graph. */
  peerData?(batch: number): HostTensors;
}
export type Scale = 'wasm' | 'gpu' | 'software';
export const RATE = 1e-3;

export const workloads: Record<WorkloadId, Workload> = {
  cnn: {
    id: 'cnn',
    title: 'CNN, InfoNCE (3 stride-2 3x3 convs 16-32-64, mean pool, MLP 64-128-64), pairs of 28x28 views',
    batches: { wasm: [16, 64], gpu: [64, 256], software: [8, 32] },
    build: cnn,
    data: cnnData,
    peerData: cnnPairs,
  },
  vit: {
    id: 'vit',
    title: 'ViT, cross-entropy (64 tokens, width 128, 4 layers, 4 heads)',
    batches: { wasm: [4, 16], gpu: [16, 64], software: [1, 4] },
    build: vit,
    data: vitData,
  },
  mlp: {
    id: 'mlp',
    title: 'MLP 64-128-128-10, cross-entropy',
    batches: { wasm: [64, 512], gpu: [64, 512], software: [64, 512] },
    build: mlp,
    data: mlpData,
  },
  distill: {
    id: 'distill',
    title: 'Distillation: student 784-64-64-10 from a frozen teacher 784-512-512-10 inside the step',
    batches: { wasm: [64, 256], gpu: [64, 256], software: [64, 256] },
    build: distill,
    data: distillData,
    peerData: teacherWeights,
  },
};

/** The MLP with other hidden layers. */
export const mlpOf = (widths: readonly number[]): Workload => ({
  ...workloads.mlp,
  title: `MLP 64-${widths.join('-')}-10`,
  build: (batch) => mlp(batch, widths),
});

/** The trained weights' first values by name, the same for every engine. */
export function firstWeights({ params }: Built): { flat: Float32Array; byName: HostTensors } {
  const flat = params.init(prng(1, 'bench', 'weights'));
  const byName = Object.fromEntries(
    params.specs.map((s) => [s.name, { shape: s.shape, data: flat.slice(s.offset, s.offset + size(s.shape)) }]),
  );
  return { flat, byName };
}
