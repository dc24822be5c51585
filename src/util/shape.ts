// Shape arithmetic: sizes, strides, broadcasting (NumPy / ONNX rules), axes.

export type Shape = readonly number[];

export const size = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);
export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Row-major strides in elements. */
export function strides(shape: Shape): number[] {
  const out = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = step;
    step *= shape[i];
  }
  return out;
}

/** @throws Error when the shapes do not broadcast. */
export function broadcastShapes(where: string, ...shapes: Shape[]): number[] {
  const rank = Math.max(...shapes.map((s) => s.length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i;
      const d = shape[i];
      if (d === 1 || d === out[at]) continue;
      if (out[at] !== 1)
        throw new Error(`${where}: expected shapes that broadcast; got ${shapes.map(showShape).join(' and ')}`);
      out[at] = d;
    }
  }
  return out;
}

/** An axis in 0..rank-1 from one that may count from the end. */
export function axisOf(where: string, axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(at) || at < 0 || at >= rank)
    throw new Error(`${where}: expected an axis within ${-rank}..${rank - 1}; got ${axis}`);
  return at;
}
export const axesOf = (where: string, axes: readonly number[], rank: number): number[] =>
  axes.map((a) => axisOf(where, a, rank)).sort((a, b) => a - b);

/** Shape after reducing `axes` (normalised). */
export const reducedShape = (shape: Shape, axes: readonly number[], keep: boolean): number[] =>
  keep ? shape.map((d, i) => (axes.includes(i) ? 1 : d)) : shape.filter((_, i) => !axes.includes(i));
/** Index of the element of `from` that broadcasting places at each element of `to`. */
export function broadcastIndex(from: Shape, to: Shape): (flat: number) => number {
  const st = strides(from);
  const outStrides = strides(to);
  const lead = to.length - from.length;
  return (flat) => {
    let at = 0;
    for (let i = 0; i < from.length; i++) {
      if (from[i] === 1) continue;
      at += (Math.floor(flat / outStrides[lead + i]) % to[lead + i]) * st[i];
    }
    return at;
  };
}
