// Neural tangent kernels of infinitely wide networks of ReLUs: convolutional ones on a tree of patches that do not
// overlap, and fully connected ones. Both depend on two inputs only through the cosines of their patches.

export type Architecture =
  | {
      kind: 'convolutional';
      /** Layers; each but the last joins `JOIN` neighbours, the last averages what is left. */ layers: number;
    }
  | { kind: 'connected'; layers: number };

/** Children of a node of the tree above the patches. */
export const JOIN = 2;

/** Patches of a network of some depth. */
export const patchesOf = (depth: number): number => JOIN ** (depth - 1);
/** d_eff(l) = (s_1 - 1) s_2 ... s_l: dimension of what a node of layer l sees. */
export const effectiveDimension = (s1: number, layer: number): number => (s1 - 1) * JOIN ** (layer - 1);

/** Arc-cosine kernels of degree 0 and 1 (Cho & Saul 2009), of a cosine within [-1, 1]. */
export const arc0 = (t: number): number => (Math.PI - Math.acos(t)) / Math.PI;
export const arc1 = (t: number): number => (Math.sqrt(1 - t * t) + (Math.PI - Math.acos(t)) * t) / Math.PI;

/**
 * A kernel as a function of the patches' cosines, 1 where all are 1.
 * @returns reads `patches` cosines; the caller may use it again at once, for it holds its scratch
 */
export function kernelOf(architecture: Architecture, patches: number): (cosines: ArrayLike<number>) => number {
  const raw =
    architecture.kind === 'connected' ? connected(architecture.layers) : convolutional(architecture.layers, patches);
  const top = raw(new Float64Array(patches).fill(1));
  return (cosines) => raw(cosines) / top;
}

const clamped = (t: number): number => Math.min(1, Math.max(-1, t));

/** C_i the cosine of patch i, N_i = C_i; per layer R = mean of k1(C), N = mean of (k0(C) N) + R over children, C <- R. */
function convolutional(layers: number, patches: number): (cosines: ArrayLike<number>) => number {
  const c = new Float64Array(patches);
  const tangent = new Float64Array(patches);
  return (cosines) => {
    for (let i = 0; i < patches; i++) c[i] = tangent[i] = clamped(cosines[i]);
    let nodes = patches;
    for (let layer = 1; layer <= layers; layer++) {
      const children = layer === layers ? nodes : JOIN;
      nodes /= children;
      for (let j = 0; j < nodes; j++) {
        let r = 0;
        let n = 0;
        for (let k = j * children; k < (j + 1) * children; k++) {
          const t = c[k];
          const share = arc0(t);
          const value = Math.sqrt(1 - t * t) / Math.PI + share * t;
          r += value;
          n += share * tangent[k] + value;
        }
        c[j] = clamped(r / children);
        tangent[j] = n / children;
      }
    }
    return tangent[0];
  };
}

/** The same on the cosine of the whole input, whose patches are all of length 1: the mean of their cosines. */
function connected(layers: number): (cosines: ArrayLike<number>) => number {
  return (cosines) => {
    let sum = 0;
    for (let i = 0; i < cosines.length; i++) sum += cosines[i];
    let c = clamped(sum / cosines.length);
    let n = c;
    for (let layer = 1; layer <= layers; layer++) {
      const r = clamped(arc1(c));
      n = arc0(c) * n + r;
      c = r;
    }
    return n;
  };
}
