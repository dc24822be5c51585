// A small vision transformer (Dosovitskiy et al. 2021): patches, learned positions, pre-norm blocks, mean over tokens.
import { add, reduceMean, reshape, transpose } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { invariant } from '../../util/invariant.ts';
import { selfAttention } from '../attention.ts';
import { normal } from '../initialisers.ts';
import { conv2d, gelu, layerNorm, linear } from '../layers.ts';
import type { Weights } from '../weights.ts';

export interface TinyVitOptions {
  /** Pixels a side of a patch; divides the image's. */
  patch: number;
  width: number;
  heads: number;
  blocks: number;
  /** Width of the hidden layer over that of tokens. */
  expansion?: number;
  /** Stacked models only: all read the same images [B, C, H, W]; otherwise [B, S*C, H, W]. */
  shared?: boolean;
}

/** Normalised tokens after the last block. @param x [B, C, H, W] @returns [B, T, width] (stacked [S, B, T, width]) */
export function tinyVitTokens(p: Weights, x: Tensor, options: TinyVitOptions): Tensor {
  const { width, heads, blocks, expansion = 2 } = options;
  let tokens = embedPatches(p, x, options);
  for (let i = 0; i < blocks; i++) {
    tokens = add(tokens, selfAttention(p, `block${i}.attention`, layerNorm(p, `block${i}.norm0`, tokens), { heads }));
    const hidden = gelu(linear(p, `block${i}.up`, layerNorm(p, `block${i}.norm1`, tokens), expansion * width));
    tokens = add(tokens, linear(p, `block${i}.down`, hidden, width));
  }
  return layerNorm(p, 'norm', tokens);
}

/** Mean of the tokens. @param x [B, C, H, W] @returns [B, width] (stacked [S, B, width]) */
export const tinyVit = (p: Weights, x: Tensor, options: TinyVitOptions): Tensor =>
  reduceMean(tinyVitTokens(p, x, options), -2);

function embedPatches(p: Weights, x: Tensor, { patch, width, shared = true }: TinyVitOptions): Tensor {
  const [B, , H, W] = x.shape;
  invariant(
    H % patch === 0 && W % patch === 0,
    () => `tinyVit: expected patches of ${patch} pixels to fill the image; got ${H} by ${W}`,
  );
  const map = conv2d(p, 'patch', x, width, { kernel: patch, stride: patch, pad: 0, shared });
  const T = (H / patch) * (W / patch);
  const positions = p.get('position', [T, width], normal(0.02));
  if (p.stack === null) return add(transpose(reshape(map, [B, width, T]), [0, 2, 1]), positions);
  const tokens = transpose(reshape(map, [B, p.stack, width, T]), [1, 0, 3, 2]);
  return add(tokens, reshape(positions, [p.stack, 1, T, width]));
}
