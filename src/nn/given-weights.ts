// Weights that are not trained themselves: given as tensors (EMA teachers, old copies, unrolled steps), or cut off from the gradient.
import { detach } from '../graph/builder.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { invariant, unknownName } from '../util/invariant.ts';
import { sameShape, showShape, type Shape } from '../util/shape.ts';
import type { Initialiser } from './initialisers.ts';
import type { Params } from './params.ts';
import type { Weights } from './weights.ts';

/** Weights given as tensors, of the names and shapes that `like` has by now; build the network with `like` first. */
class GivenWeights implements Weights {
  readonly graph: Graph;
  readonly stack: number | null;
  readonly updates = new Map<string, Tensor>();
  private readonly like: Params;
  private readonly tensors: ReadonlyMap<string, Tensor>;
  private readonly buffers: ReadonlyMap<string, Tensor> | null;
  constructor(like: Params, tensors: ReadonlyMap<string, Tensor>, buffers: ReadonlyMap<string, Tensor> | null) {
    this.graph = like.graph;
    this.stack = like.stack;
    this.like = like;
    this.tensors = tensors;
    this.buffers = buffers;
  }
  get(name: string, shape: Shape): Tensor {
    const t = this.tensors.get(name) ?? unknownName('parameter', name, this.tensors.keys());
    const want = this.stack === null ? shape : [this.stack, ...shape];
    invariant(
      sameShape(t.shape, want),
      () =>
        `parameter "${name}": expected the shape ${showShape(t.shape)} of the given weights; got ${showShape(want)}`,
    );
    return t;
  }
  buffer(name: string, shape: Shape, init: Initialiser): Tensor {
    return this.buffers
      ? (this.buffers.get(name) ?? unknownName('buffer', name, this.buffers.keys()))
      : this.like.buffer(name, shape, init);
  }
}

/**
 * The network of `like` with these tensors as weights, in the order of `like.specs`: the inner steps of MAML and trajectory
 * matching, `tensors[i] - rate * gradient[i]`, are differentiated exactly. Buffers are those of `like`.
 */
export function weightsOf(like: Params, tensors: readonly Tensor[]): Weights {
  invariant(
    tensors.length === like.specs.length,
    () => `weightsOf: expected ${like.specs.length} tensors, one per parameter; got ${tensors.length}`,
  );
  return new GivenWeights(like, new Map(like.specs.map((s, i) => [s.name, tensors[i]])), null);
}

/**
 * The network of `like` with weights from a flat vector of its layout: an EMA teacher from the input `ema`, an old copy from
 * an input of its own. Buffers are those of `like` unless given.
 * @param theta [P] or [S, P]
 * @param buffers of shape `like.bufferShape`
 */
export function weightsFrom(like: Params, theta: Tensor, buffers?: Tensor): Weights {
  return new GivenWeights(like, like.views(theta), buffers ? like.bufferViews(buffers) : null);
}

/** The same weights, to which no gradient flows: a frozen copy. Its layers leave the buffers' next values alone. */
export function frozen(weights: Weights): Weights {
  return {
    graph: weights.graph,
    stack: weights.stack,
    updates: new Map(),
    get: (name, shape, init) => detach(weights.get(name, shape, init)),
    buffer: (name, shape, init) => weights.buffer(name, shape, init),
  };
}
