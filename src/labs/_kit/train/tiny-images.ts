// A handful of images for a lab's tiny graphs: the contract test needs shapes and differences, no data files.
import type { DataSplit } from '../../../data/types.ts';

export interface TinyImages {
  rows: number;
  channels?: number;
  side: number;
  classes?: number;
}

/** Stripes of its own in every image, in 0..1; labels count through the classes. */
export function tinyImages({ rows, channels = 1, side, classes = rows }: TinyImages): DataSplit {
  const area = side ** 2;
  const values = Float32Array.from({ length: rows * channels * area }, (_, i) => {
    const plane = Math.floor(i / area);
    const image = Math.floor(plane / channels);
    const y = Math.floor(i / side) % side;
    const x = i % side;
    return 0.5 + 0.5 * Math.sin(0.3 * (x * image + y * (rows - image)) + image + (plane % channels));
  });
  return {
    rows,
    shape: [channels, side, side],
    values,
    labels: Int32Array.from({ length: rows }, (_, i) => i % classes),
  };
}
