// Rotations of the globe as unit quaternions, and the rotation that lays one cloud of points over another.

export type Vector = readonly [x: number, y: number, z: number];
/** Unit quaternion [w, x, y, z]; (x, y, z) is the axis times the sine of half the angle. */
export type Quaternion = readonly [w: number, x: number, y: number, z: number];

export const IDENTITY: Quaternion = [1, 0, 0, 0];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
/** To length 1; the zero vector becomes `fallback`. */
export function unit(v: Vector, fallback: Vector = [0, 0, 1]): Vector {
  const length = Math.hypot(...v);
  return length > 1e-9 ? [v[0] / length, v[1] / length, v[2] / length] : fallback;
}
/** Point number i of positions [n, 3]. */
export const pointAt = (positions: ArrayLike<number>, i: number): Vector => [
  positions[3 * i],
  positions[3 * i + 1],
  positions[3 * i + 2],
];

/** By `angle` (radians) about a unit axis, right-handed. */
export function about(axis: Vector, angle: number): Quaternion {
  const s = Math.sin(angle / 2);
  return [Math.cos(angle / 2), axis[0] * s, axis[1] * s, axis[2] * s];
}

/** First `b`, then `a`; kept at length 1. */
export function compose(a: Quaternion, b: Quaternion): Quaternion {
  return unitQuaternion([
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ]);
}
function unitQuaternion(q: Quaternion): Quaternion {
  const length = Math.hypot(...q);
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}

/** Row-major 3 x 3 matrix of a rotation. */
export function matrixOf([w, x, y, z]: Quaternion): readonly number[] {
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ];
}
export const apply = (m: readonly number[], v: Vector): Vector => [
  m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
  m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
  m[6] * v[0] + m[7] * v[1] + m[8] * v[2],
];
export const rotate = (q: Quaternion, v: Vector): Vector => apply(matrixOf(q), v);

/** All points of [n, 3], rotated. */
export function rotateAll(q: Quaternion, positions: ArrayLike<number>): Float32Array {
  const m = matrixOf(q);
  const out = new Float32Array(positions.length);
  for (let i = 0; i < positions.length / 3; i++) out.set(apply(m, pointAt(positions, i)), 3 * i);
  return out;
}

/** The shortest rotation that takes direction `a` to direction `b`. */
export function between(a: Vector, b: Vector): Quaternion {
  const from = unit(a);
  const to = unit(b);
  const cosine = dot(from, to);
  // opposite directions: any axis across will do
  if (cosine < -0.999999) return about(unit(cross(from, Math.abs(from[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0])), Math.PI);
  return unitQuaternion([1 + cosine, ...cross(from, to)]);
}

/** From `a` (t = 0) to `b` (t = 1) at even speed, the short way. */
export function slerp(a: Quaternion, b: Quaternion, t: number): Quaternion {
  const cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = cosine < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(cosine)));
  const s = Math.sin(angle);
  const [u, v] = s < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle) / s, Math.sin(t * angle) / s];
  return unitQuaternion([
    u * a[0] + sign * v * b[0],
    u * a[1] + sign * v * b[1],
    u * a[2] + sign * v * b[2],
    u * a[3] + sign * v * b[3],
  ]);
}

/**
 * The rotation of `from` [n, 3] that lies closest to `to` [n, 3] in squared distance (Horn 1987): the eigenvector of the
 * largest eigenvalue of a symmetric 4 x 4 matrix. A loss of cosines cannot tell rotated globes apart, so a picture may choose.
 */
export function alignment(from: ArrayLike<number>, to: ArrayLike<number>): Quaternion {
  const s = new Array<number>(9).fill(0);
  for (let i = 0; i < Math.min(from.length, to.length) / 3; i++) {
    for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) s[3 * a + b] += from[3 * i + a] * to[3 * i + b];
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s;
  return leadingEigenvector([
    xx + yy + zz,
    yz - zy,
    zx - xz,
    xy - yx,
    yz - zy,
    xx - yy - zz,
    xy + yx,
    zx + xz,
    zx - xz,
    xy + yx,
    yy - xx - zz,
    yz + zy,
    xy - yx,
    zx + xz,
    yz + zy,
    zz - xx - yy,
  ]);
}

/** By squaring the matrix, shifted so that no eigenvalue is negative, until one direction is left. */
function leadingEigenvector(matrix: readonly number[]): Quaternion {
  const shift = Math.sqrt(matrix.reduce((sum, v) => sum + v * v, 0));
  if (shift < 1e-12) return IDENTITY;
  let m = matrix.map((v, i) => v / shift + (i % 5 === 0 ? 1 : 0));
  for (let round = 0; round < 30; round++) m = squared(m);
  const best = [0, 1, 2, 3].reduce((a, b) => (m[5 * b] > m[5 * a] ? b : a));
  return unitQuaternion([m[best], m[4 + best], m[8 + best], m[12 + best]]);
}
function squared(m: readonly number[]): number[] {
  const out = m.map((_, i) => [0, 1, 2, 3].reduce((sum, k) => sum + m[4 * (i >> 2) + k] * m[4 * k + (i & 3)], 0));
  const trace = out[0] + out[5] + out[10] + out[15];
  return out.map((v) => v / trace);
}
