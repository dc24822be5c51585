// The parts of the peers' interfaces that the bench uses, so that the project type-checks without their packages.
declare module '@tensorflow/tfjs' {
  export interface Tensor {
    shape: number[];
    add(x: Tensor | number): Tensor;
    sub(x: Tensor | number): Tensor;
    mul(x: Tensor | number): Tensor;
    div(x: Tensor | number): Tensor;
    square(): Tensor;
    sqrt(): Tensor;
    reshape(shape: readonly number[]): Tensor;
    transpose(perm?: number[]): Tensor;
    sum(axis?: number | number[], keep?: boolean): Tensor;
    mean(axis?: number | number[], keep?: boolean): Tensor;
    logSumExp(axis: number): Tensor;
    matMul(b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export interface Optimizer {
    minimize(loss: () => Tensor, returnCost: boolean, variables: Tensor[]): Tensor;
    dispose(): void;
  }
  export const train: { adam(rate: number, beta1?: number, beta2?: number, epsilon?: number): Optimizer };
  export function tensor(values: Float32Array, shape: readonly number[]): Tensor;
  export function variable(x: Tensor): Tensor;
  export function tidy<T>(f: () => T): T;
  export function relu(x: Tensor): Tensor;
  export function sigmoid(x: Tensor): Tensor;
  export function softmax(x: Tensor): Tensor;
  export function logSoftmax(x: Tensor): Tensor;
  export function conv2d(x: Tensor, w: Tensor, strides: number, pad: number): Tensor;
  export function unstack(x: Tensor, axis: number): Tensor[];
  export function matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function profile(f: () => unknown): Promise<{ kernels: unknown[] }>;
}
declare module '@tensorflow/tfjs-backend-wasm' {
  export function setWasmPaths(paths: Record<string, string>): void;
  export function setThreadsCount(count: number): void;
}
declare module '@tensorflow/tfjs-backend-webgpu';
declare module '@tensorflow/tfjs-backend-wasm/dist/*.wasm?url' {
  const url: string;
  export default url;
}

declare module '@jax-js/jax' {
  type Axis = number | number[];
  export interface Array {
    /** Every use consumes an array; `ref` is one more use. */
    readonly ref: Array;
    readonly shape: number[];
    add(x: Array | number): Array;
    sub(x: Array | number): Array;
    mul(x: Array | number): Array;
    div(x: Array | number): Array;
    reshape(shape: readonly number[]): Array;
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  type Tree = Record<string, Array>;
  export const numpy: {
    array(values: Float32Array): Array;
    zerosLike(x: Array): Array;
    matmul(a: Array, b: Array): Array;
    matrixTranspose(x: Array): Array;
    transpose(x: Array, perm: number[]): Array;
    mean(x: Array, axis: Axis, options?: { keepdims: boolean }): Array;
    sum(x: Array, axis?: Axis, options?: { keepdims: boolean }): Array;
    square(x: Array): Array;
    sqrt(x: Array): Array;
    split(x: Array, sections: number, axis: number): Array[];
  };
  export const nn: {
    relu(x: Array): Array;
    sigmoid(x: Array): Array;
    softmax(x: Array, axis: number): Array;
    logSoftmax(x: Array, axis: number): Array;
    logsumexp(x: Array, axis: number): Array;
  };
  export const lax: { convGeneralDilated(x: Array, w: Array, strides: number[], padding: number[][]): Array };
  export const tree: {
    map<T>(f: (...leaves: Array[]) => Array, first: T, ...rest: T[]): T;
    ref<T>(x: T): T;
    dispose(x: unknown): void;
  };
  export function jit<F>(f: F): F & { dispose(): void };
  export function valueAndGrad(f: (p: Tree, ...rest: Tree[]) => Array): (p: Tree, ...rest: Tree[]) => [Array, Tree];
  export function init(...devices: string[]): Promise<string[]>;
  export function defaultDevice(device: string): string;
}
