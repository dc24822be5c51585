// Average pooling of images on the host: how a data set gives a smaller size.

/** `values` [planes, side, side] -> [planes, side/k, side/k], each value the mean of a k by k block. */
export function averagePool(values: Float32Array, side: number, k: number): Float32Array {
  const small = side / k;
  const planes = values.length / (side * side);
  const out = new Float32Array(planes * small * small);
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        out[(plane * small + Math.floor(y / k)) * small + Math.floor(x / k)] += values[(plane * side + y) * side + x];
      }
    }
  }
  return out.map((sum) => sum / (k * k));
}
