// What an engine must offer to be compared.
import type { HostTensors } from './model.ts';
import type { Workload } from './workload.ts';

export type Target = 'wasm' | 'webgpu' | 'cpu';
export type EngineId = 'ours' | 'jax-js' | 'tfjs';

export interface Task {
  workload: Workload;
  batch: number;
  target: Target;
  /** First values of the trained weights. */ weights: HostTensors;
  data: HostTensors;
}

/** A train step that is ready to run. */
export interface Contender {
  /** Trains `count` steps and then waits for the loss that the last of them saw before its update. */
  run(count: number): Promise<number>;
  /** Nodes or kernels of one step, where the engine tells. */
  nodes: number | null;
  dispose(): Promise<void> | void;
}
export type Open = (task: Task) => Promise<Contender>;
