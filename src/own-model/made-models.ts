// Decoders with random weights that anybody can measure without a file: their numbers mean nothing, their cost is real.
import { tinyDecoder, type TinySpec } from '../onnx/rewrite/made-decoder.ts';
import type { DataFile } from '../onnx/rewrite/session.ts';
import type { MadeSize } from './protocol.ts';

const common = { vocabulary: 512, headSize: 64, positions: 2304, dataFile: 'weights.bin' };
export const MADE: Record<MadeSize, TinySpec & { label: string }> = {
  small: { ...common, layers: 12, H: 384, heads: 6, kvHeads: 3, F: 1024, label: '20 million parameters, 12 layers' },
  large: { ...common, layers: 16, H: 768, heads: 12, kvHeads: 4, F: 2048, label: '101 million parameters, 16 layers' },
};

/** The model's files. The same bytes for the same size, everywhere. */
export function madeFiles(size: MadeSize): DataFile[] {
  const { bytes, data } = tinyDecoder(MADE[size]);
  return [{ path: `made-${size}.onnx`, data: bytes }, ...(data ? [data] : [])];
}
