// What graphs run on, as labs and tools see it; src/runtime implements it. Types only.
import type { Program } from '../graph/program.ts';

export type Backend = 'cpu' | 'wasm' | 'webgpu';
export type HostArray = Float32Array | Int32Array;
export type Feeds = Record<string, HostArray | number>;

/** A train step whose state stays on the device. Every call waits its turn on the one device. */
export interface Stepper {
  readonly steps: number;
  step(feeds: Feeds): Promise<void>;
  /** Metrics of the last step, in the order of `program.metrics.labels`. */
  metrics(): Promise<Float32Array>;
  read(state: string): Promise<Float32Array>;
  write(state: string, value: Float32Array): Promise<void>;
  save(): Promise<StepperState>;
  load(saved: StepperState): Promise<void>;
  dispose(): Promise<void>;
}
export interface StepperState {
  steps: number;
  arrays: Record<string, Float32Array>;
}

/** An inference graph. Outputs are copied to the host. */
export interface Runner {
  run(feeds: Feeds): Promise<Record<string, HostArray>>;
  dispose(): Promise<void>;
}

export interface Engine {
  readonly backend: Backend;
  /** Where data sets live: `device` gathers batches in the graph, `host` before the run. */
  readonly residency: 'device' | 'host';
  stepper(program: Program, init: Record<string, Float32Array>, sources?: Record<string, HostArray>): Promise<Stepper>;
  runner(program: Program | Uint8Array, sources?: Record<string, HostArray>): Promise<Runner>;
}
