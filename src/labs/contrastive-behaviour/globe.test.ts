// The globe's arithmetic: rotations and their inverse problems, projection and picking, the nearest training, the push, the dial, the colours.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { prng } from '../../util/prng.ts';
import { dialGeometry } from './dial-geometry.ts';
import { heading, pick, project, radiusOf, SPINE, spineAngle } from './globe-draw.ts';
import {
  CLOTHING,
  halfCount,
  midpoints,
  nearestTraining,
  nextPicture,
  pushOf,
  readGlobe,
  shareOf,
  tauAt,
} from './globe.ts';
import type { GlobePicture } from './globe-trial.ts';
import {
  about,
  alignment,
  between,
  compose,
  dot,
  IDENTITY,
  matrixOf,
  pointAt,
  rotate,
  rotateAll,
  slerp,
  unit,
  type Quaternion,
  type Vector,
} from './rotation.ts';

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 6) => {
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((v, i) => {
    expect(v).toBeCloseTo(expected[i], digits);
  });
};
function cloud(n: number, seed: number): Float32Array {
  const random = prng(seed, 'cloud');
  const out = new Float32Array(3 * n);
  for (let i = 0; i < n; i++) out.set(unit([random.normal(), random.normal(), random.normal()]), 3 * i);
  return out;
}
const someTurn = (seed: number): Quaternion => about(unit(pointAt(cloud(1, seed), 0)), 0.4 + seed);

describe('rotations', () => {
  test('a quarter turn about z takes x to y; right-handed about all axes', () => {
    close(rotate(about([0, 0, 1], Math.PI / 2), [1, 0, 0]), [0, 1, 0]);
    close(rotate(about([1, 0, 0], Math.PI / 2), [0, 1, 0]), [0, 0, 1]);
    close(rotate(about([0, 1, 0], Math.PI / 2), [0, 0, 1]), [1, 0, 0]);
  });
  test('composition applies the second factor first; matrices are orthogonal', () => {
    const a = someTurn(1);
    const b = someTurn(2);
    const v: Vector = [0.3, -0.4, 0.5];
    const m = matrixOf(a);
    close(rotate(compose(a, b), v), rotate(a, rotate(b, v)));
    for (const i of [0, 1, 2])
      for (const j of [0, 1, 2])
        expect(m[3 * i] * m[3 * j] + m[3 * i + 1] * m[3 * j + 1] + m[3 * i + 2] * m[3 * j + 2]).toBeCloseTo(
          i === j ? 1 : 0,
          9,
        );
  });
  test('between takes one direction to the other, also the same and the opposite one', () => {
    const a = unit([1, 2, 3]);
    const b = unit([-2, 1, 0.5]);
    const opposite: Vector = [-a[0], -a[1], -a[2]];
    close(rotate(between(a, b), a), b);
    close(rotate(between(a, a), b), b);
    close(rotate(between(a, opposite), a), opposite);
  });
  test('slerp: both ends, and half of the angle half-way, the short way round', () => {
    const a = about([0, 1, 0], 0.2);
    const b = about([0, 1, 0], 1.4);
    const negative = b.map((v) => -v) as unknown as Quaternion;
    close(slerp(a, b, 0), a);
    close(slerp(a, b, 1), b);
    close(slerp(a, b, 0.5), about([0, 1, 0], 0.8));
    close(rotate(slerp(a, negative, 0.5), [1, 0, 0]), rotate(about([0, 1, 0], 0.8), [1, 0, 0]));
  });
});

describe('alignment', () => {
  test('finds a known rotation, also by half a turn', () => {
    const z = cloud(40, 3);
    for (const q of [someTurn(3), about([0, 1, 0], Math.PI), IDENTITY])
      close(rotateAll(alignment(z, rotateAll(q, z)), z), rotateAll(q, z), 5);
  });
  test('with noise, no small turn from its answer lies closer', () => {
    const from = cloud(60, 4);
    const random = prng(4, 'noise');
    const to = rotateAll(someTurn(5), from).map((v) => v + 0.3 * random.normal());
    const best = alignment(from, to);
    const overlap = (q: Quaternion) => rotateAll(q, from).reduce((s, v, i) => s + v * to[i], 0);
    for (const axis of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const)
      for (const angle of [-0.05, 0.05, 1])
        expect(overlap(compose(about(axis, angle), best))).toBeLessThan(overlap(best));
  });
  test('no points, or all at zero: leaves everything in place', () => {
    expect(alignment([], [])).toEqual(IDENTITY);
    expect(alignment([0, 0, 0], [0, 0, 0])).toEqual(IDENTITY);
  });
});

describe('projection and picking', () => {
  const size = 400;
  const r = radiusOf(size);
  const points = Float32Array.from([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, -1]);
  test('front in the middle, x to the right, y upward, depth towards the eye', () => {
    close(project(points, IDENTITY, size), [200, 200, 1, 200 + r, 200, 0, 200, 200 - r, 0, 200, 200, -1], 4);
  });
  test('a turn to the right moves the front point to the right rim', () => {
    close(project(points, about([0, 1, 0], Math.PI / 2), size).subarray(0, 3), [200 + r, 200, 0], 4);
  });
  test('picks the nearest of the front half within reach, never one behind or hidden', () => {
    const screen = project(points, IDENTITY, size);
    expect(pick(screen, 204, 197, 16)).toBe(0);
    expect(pick(screen, 230, 200, 16)).toBeNull();
    expect(pick(screen, 200, 200, 16, (i) => i !== 0)).toBeNull();
    expect(pick(project(points, about([0, 1, 0], Math.PI), size), 200, 200, 16)).toBe(3);
  });
});

describe('spines', () => {
  test('the heading is the unit tangent along the great circle; none towards the same or the opposite point', () => {
    const a: Vector = [0, 0, 1];
    const t = heading(a, unit([3, 0, 1]))!;
    close(t, [1, 0, 0]);
    expect(dot(heading(unit([1, 2, 2]), unit([0, 1, -1]))!, unit([1, 2, 2]))).toBeCloseTo(0, 9);
    expect(heading(a, a)).toBeNull();
    expect(heading(a, [0, 0, -1])).toBeNull();
  });
  test('linear in the weight, the same in sum at every temperature until one is cut off', () => {
    const z = cloud(50, 6);
    const labels = new Array(50).fill(0);
    const total = (tau: number) => pushOf(z, labels, 0, tau).weights.reduce((s, w) => s + spineAngle(w, 49), 0);
    for (const tau of [0.3, 0.7, 2, 5]) expect(total(tau)).toBeCloseTo(49 * SPINE.even, 6);
    expect(spineAngle(1, 299)).toBe(SPINE.longest);
  });
});

describe('training nearest to the dial', () => {
  const taus = [0.05, 0.1, 0.3, 0.7, 2];
  test('itself at a trained temperature, the ends beyond them', () => {
    expect(taus.map((t) => nearestTraining(taus, t))).toEqual([0, 1, 2, 3, 4]);
    expect([nearestTraining(taus, 0.02), nearestTraining(taus, 5)]).toEqual([0, 4]);
  });
  test('changes at the geometric mean, not at the arithmetic one', () => {
    midpoints(taus).forEach((m, k) => {
      expect([nearestTraining(taus, m * 0.999), nearestTraining(taus, m * 1.001)]).toEqual([k, k + 1]);
    });
    expect(nearestTraining(taus, 0.19)).toBe(2);
  });
  test('the colder of two equally near', () => expect(nearestTraining([1, 4], 2)).toBe(0));
});

describe('push of one picture', () => {
  test('half count: the smallest number that reaches half', () => {
    expect(halfCount([0, 1, 0, 0])).toBe(1);
    expect(halfCount([0.3, 0.2, 0.4, 0.1])).toBe(2);
    expect(halfCount([0.5, 0.25, 0.25])).toBe(1);
    expect(halfCount(new Array(10).fill(0.1))).toBe(5);
    expect(halfCount(new Array(299).fill(1 / 299))).toBe(150);
    expect(halfCount([])).toBe(0);
  });
  test('one picture when cold, half of all when warm', () => {
    const z = cloud(60, 7);
    const labels = Array.from({ length: 60 }, (_, i) => i % 10);
    expect(pushOf(z, labels, 3, 1e-4)).toMatchObject({ half: 1, entropy: expect.closeTo(0, 4) });
    expect(pushOf(z, labels, 3, 1e5)).toMatchObject({
      half: 30,
      entropy: expect.closeTo(1, 6),
      ownPictures: 5 / 59,
      own: expect.closeTo(5 / 59, 4),
    });
  });
  test('order: by weight, without the picture itself, also where weights underflow to 0', () => {
    const push = pushOf(cloud(30, 8), new Array(30).fill(0), 12, 0.002);
    const sorted = push.order.map((j) => push.cosines[j]);
    expect(push.order).toHaveLength(29);
    expect(push.order).not.toContain(12);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
    expect(push.own).toBeCloseTo(1, 9);
  });
});

test('stepping goes round the ends, stays in the asked class, and starts at an end', () => {
  const set = { points: 5, labels: [0, 1, 0, 1, 2] };
  expect([nextPicture(set, 4, 1, null), nextPicture(set, 0, -1, null), nextPicture(set, 1, 1, null)]).toEqual([
    0, 4, 2,
  ]);
  expect([
    nextPicture(set, 1, 1, 1),
    nextPicture(set, 3, 1, 1),
    nextPicture(set, 0, -1, 1),
    nextPicture(set, 4, 1, 2),
  ]).toEqual([3, 1, 3, 4]);
  expect([
    nextPicture(set, null, 1, null),
    nextPicture(set, null, -1, null),
    nextPicture(set, null, 1, 7),
    nextPicture(set, 2, 1, 7),
  ]).toEqual([0, 4, null, 2]);
});

describe('payload', () => {
  const payload: GlobePicture = {
    step: 20,
    taus: [0.3, 2, 0.1],
    points: 2,
    positions: [
      [0, 0, 1.001, 0, 1, 0],
      [1, 0, 0, 0, 0.999, 0],
      [0.6, 0.8, 0, 0, 0, 0],
    ],
    labels: [3, 9],
    thumbs: btoa('abcdefgh'),
    thumbSide: 2,
  };
  test('temperatures in order with their positions, points on the sphere, bytes of the pictures', () => {
    const globe = readGlobe(payload)!;
    expect(globe.taus).toEqual([0.1, 0.3, 2]);
    close(globe.positions[1], [0, 0, 1, 0, 1, 0]);
    close(globe.positions[2], [1, 0, 0, 0, 1, 0]);
    close(globe.positions[0], [0.6, 0.8, 0, 0, 0, 1]);
    expect(Array.from(globe.pixels)).toEqual([97, 98, 99, 100, 101, 102, 103, 104]);
  });
  test('anything else is no globe', () => {
    for (const other of [
      undefined,
      null,
      7,
      {},
      { ...payload, positions: payload.positions.slice(1) },
      { ...payload, labels: [1] },
      { ...payload, thumbSide: 3 },
      { ...payload, taus: [] },
    ])
      expect(readGlobe(other)).toBeNull();
  });
});

describe('dial', () => {
  const range = { min: 0.02, max: 5 };
  test("shares and temperatures are each other's inverse, ends exact, three significant digits", () => {
    for (const tau of [0.02, 0.05, 0.123, 0.3, 0.7, 2, 5])
      expect(tauAt(range, shareOf(range, tau))).toBeCloseTo(tau, 9);
    expect([tauAt(range, -1), tauAt(range, 2), shareOf(range, 0.001), shareOf(range, 99)]).toEqual([0.02, 5, 0, 1]);
    expect(tauAt(range, 0.5)).toBe(0.316);
  });
  test('every step of the slider gives a new temperature and comes back to itself', () => {
    const values = Array.from({ length: 201 }, (_, k) => tauAt(range, k / 200));
    expect(new Set(values).size).toBe(201);
    expect(values.map((v) => Math.round(shareOf(range, v) * 200))).toEqual(values.map((_, k) => k));
  });
  test('a place on the arc gives its share back; the arc stays inside the drawing at every width', () => {
    for (const size of [260, 328, 476, 620]) {
      const dial = dialGeometry(size);
      for (const share of [0, 0.25, 0.5, 1]) {
        const [x, y] = dial.point(share);
        expect(dial.shareAt(x, y)).toBeCloseTo(share, 9);
        expect(Math.min(x, size - x, dial.height - y)).toBeGreaterThanOrEqual(14.9);
      }
    }
    expect(dialGeometry(400).point(0)[0]).toBeLessThan(200);
  });
});

describe('colours of the classes', () => {
  const linear = (hex: string): number[] =>
    [1, 3, 5]
      .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const luminance = ([r, g, b]: number[]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const contrast = (a: string, b: string) => {
    const [x, y] = [luminance(linear(a)), luminance(linear(b))].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  /** OKLab (Ottosson 2020). */
  const lab = ([r, g, b]: number[]) => {
    const [l, m, s] = [
      0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
      0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
      0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
    ].map(Math.cbrt);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  };
  /** Full colour blindness in linear RGB (Machado, Oliveira and Fernandes 2009). */
  const SIGHT: Record<string, number[]> = {
    normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
  };
  const seen = (m: number[], [r, g, b]: number[]) =>
    [0, 3, 6].map((k) => Math.min(1, Math.max(0, m[k] * r + m[k + 1] * g + m[k + 2] * b)));

  test('are one per class of the packaged data, in its order', () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../../../public/data/manifest.json', import.meta.url), 'utf8'),
    ) as { datasets: { id: string; classes: { en: string }[] }[] };
    const names = manifest.datasets.find((d) => d.id === 'fashion')!.classes.map((c) => c.en);
    expect(CLOTHING.map((c, i) => names[i].startsWith(c.name))).toEqual(names.map(() => true));
  });
  test.each([
    ['light', '#fffdf9', '#f1eee6'],
    ['dark', '#1a1f27', '#10141a'],
  ] as const)('%s: 3:1 against the globe, apart from each other under every sight', (theme, middle, rim) => {
    for (const { [theme]: colour } of CLOTHING)
      expect(Math.min(contrast(colour, middle), contrast(colour, rim))).toBeGreaterThanOrEqual(3);
    for (const m of Object.values(SIGHT)) {
      const labs = CLOTHING.map((c) => lab(seen(m, linear(c[theme]))));
      labs.forEach((a, i) =>
        labs.slice(0, i).forEach((b) => {
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.07);
        }),
      );
    }
  });
});
