// A convolutional autoencoder: strided convolutions to a code, a linear layer and transposed convolutions back to the image.
import { relu, reshape, transpose } from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { invariant } from '../../util/invariant.ts';
import { convTranspose2d, flattenMap, linear } from '../layers.ts';
import type { Weights } from '../weights.ts';
import { stridedCnnMap, type StridedCnnOptions } from './strided-cnn.ts';

export interface AutoencoderOptions extends StridedCnnOptions {
  /** Numbers in a code. */
  code: number;
}

/** @param x [B, C, side, side] @returns codes [B, code] (stacked [S, B, code]) */
export const encode = (p: Weights, x: Tensor, options: AutoencoderOptions): Tensor =>
  linear(p, 'code', flattenMap(p, stridedCnnMap(p, x, options)), options.code);

/**
 * The mirror of the encoder, without normalisation and with no non-linearity at its end.
 * @param code [B, code] (stacked [S, B, code])
 * @param side pixels of the image, divisible by 2 once for each width
 * @returns [B, outputs, side, side] (stacked [B, S*outputs, side, side])
 */
export function decode(p: Weights, code: Tensor, channels: readonly number[], outputs: number, side: number): Tensor {
  const small = side / 2 ** channels.length;
  invariant(Number.isInteger(small), () => `decode: expected a side divisible by ${2 ** channels.length}; got ${side}`);
  const first = channels[channels.length - 1];
  const widths = [...channels.slice(0, -1).toReversed(), outputs];
  const start = asMap(p, relu(linear(p, 'decode', code, first * small * small)), first, small);
  return widths.reduce((map, width, i) => {
    const next = convTranspose2d(p, `up${i}`, map, width);
    return i + 1 < widths.length ? relu(next) : next;
  }, start);
}

/** [.., B, C * side * side] -> [B, C, side, side] (stacked [B, S*C, side, side]) */
function asMap(p: Weights, x: Tensor, channels: number, side: number): Tensor {
  const B = x.shape[x.shape.length - 2];
  const rows = p.stack === null ? x : transpose(x, [1, 0, 2]);
  return reshape(rows, [B, (p.stack ?? 1) * channels, side, side]);
}
