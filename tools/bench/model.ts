// What a reference model of the bench gives. Types only.
import type { Params } from '../../src/nn/params.ts';
import type { TrainProgram } from '../../src/optim/program.ts';

export interface HostTensor {
  shape: readonly number[];
  data: Float32Array;
}
export type HostTensors = Record<string, HostTensor>;
/** Our train step and the parameters it trains. */
export interface Built {
  program: TrainProgram;
  params: Params;
}
