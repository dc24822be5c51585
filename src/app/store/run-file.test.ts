import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { packRun, readRun, readRunFile, splitRun, unpackRun, type RunMeta } from './run-file.ts';

const meta: RunMeta = {
  slug: 'a',
  title: 'Lab A',
  version: 1,
  controls: { tau: { kind: 'number', label: 'Temperature', help: '', min: 0, max: 1, step: 0.1, default: 0.5 } },
};
const run: RunResult = {
  version: 1,
  slug: 'a',
  labVersion: 1,
  backend: 'wasm',
  seeds: [1],
  knobs: { tau: 0.1, mode: 'x', on: true },
  verdict: 'undecided',
  wallMs: 1,
  stepMs: 1,
  claims: [{ id: 'c', text: 't', measured: null, threshold: '>= 1', verdict: 'undecided', required: true }],
  arms: [
    {
      id: 'm',
      label: 'M',
      series: [{ loss: Array.from({ length: 500 }, (_, i) => [i, 1 / (i + 1)] as [number, number]) }],
      final: { loss: [0.002] },
    },
  ],
};
const problem = (read: { run: RunResult } | { problem: string }) => ('problem' in read ? read.problem : 'no problem');

describe('a run in a link', () => {
  it('comes back with its ends, thinned, without pictures', async () => {
    const read = await unpackRun(meta, (await packRun({ ...run, pictures: { globe: [1, 2, 3] } }))!);
    expect(problem(read)).toBe('no problem');
    const back = (read as { run: RunResult }).run;
    const points = back.arms[0].series[0].loss;
    expect(points).toHaveLength(80);
    expect([points[0], points[79]]).toEqual([
      [0, 1],
      [499, 0.002],
    ]);
    expect({ ...back, arms: [] }).toEqual({ ...run, arms: [] });
  });
  it.each(['', '!!', 'AAAA', 'a'.repeat(70_000)])(
    'that is broken is named, and its settings stay: %.8s',
    async (packed) => expect(problem(await unpackRun(meta, packed))).toMatch(/cannot be read/),
  );
  it('that unpacks to more than a run can be is refused', async () => {
    const bomb = await packRun({ ...run, arms: [{ ...run.arms[0], label: 'x'.repeat(6e6) }] });
    expect(problem(await unpackRun(meta, bomb!))).toMatch(/cannot be read/);
  });
  it('of very many curves is thinned until it can be read', async () => {
    const curve = Array.from({ length: 200 }, (_, i): [number, number] => [i, i]);
    const arms = Array.from({ length: 120 }, (_, i) => ({
      ...run.arms[0],
      id: `m${i}`,
      series: [Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`k${k}`, curve]))],
    }));
    const read = await unpackRun(meta, (await packRun({ ...run, arms }))!);
    expect(problem(read)).toBe('no problem');
  });
  it('that is small but holds very many points is refused', async () => {
    const wide = {
      ...run,
      arms: [{ ...run.arms[0], series: [{ loss: Array.from({ length: 60_000 }, () => [0, 0]) }] }],
    };
    const deflated = new Blob([JSON.stringify(wide)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const packed = Buffer.from(await new Response(deflated).arrayBuffer()).toString('base64url');
    expect(packed.length).toBeLessThan(4000);
    expect(problem(await unpackRun(meta, packed))).toMatch(/holds 60,000 points, more than the 40,000/);
  });
  it('may have gained a full stop or lost its signs on its way', async () => {
    const packed = (await packRun(run))!;
    const altered = [`${packed}.`, `${packed}),`, packed.replaceAll('-', '%2D').replaceAll('_', '%5F')];
    for (const text of altered) expect(problem(await unpackRun(meta, text))).toBe('no problem');
  });
  describe('without CompressionStream', () => {
    afterEach(() => {
      vi.unstubAllGlobals();
    });
    it('the browser is named as the reason, both ways', async () => {
      const packed = (await packRun(run))!;
      vi.stubGlobal('CompressionStream', undefined);
      vi.stubGlobal('DecompressionStream', undefined);
      expect(await packRun(run)).toBe(null);
      expect(problem(await unpackRun(meta, packed))).toMatch(/browser is too old.*as a file/);
    });
  });
  it('is taken out of the settings', () => {
    expect(splitRun('v=1&tau=0.2&x=abc&seed=3')).toEqual({ query: 'v=1&tau=0.2&seed=3', packed: 'abc' });
    expect(splitRun('v=1')).toEqual({ query: 'v=1', packed: null });
  });
});

describe('a saved run', () => {
  const change = (more: object) => JSON.stringify({ ...run, ...more });
  it('reads null as no value, and the fields of an interval', () => {
    const claims = [
      {
        ...run.claims[0],
        margin: { atLeast: 0.1 },
        low: null,
        high: 0.2,
        df: 2,
        se: 0.1,
        n: 3,
        needs: 8,
        points: 'for',
        parts: 2,
        isRatio: true,
      },
    ];
    const arms = [{ ...run.arms[0], series: [{ loss: [[0, null]] }], final: { loss: [null] } }];
    const read = readRun(meta, change({ claims, arms, shortfall: 'short' }), 'f') as { run: RunResult };
    expect(read.run.arms[0]).toMatchObject({ series: [{ loss: [[0, NaN]] }], final: { loss: [NaN] } });
    expect(read.run).toMatchObject({ claims, shortfall: 'short' });
  });
  it('is read', () => expect(readRun(meta, JSON.stringify(run), 'f')).toEqual({ run }));
  it.each([
    ['{"version":1', /not JSON/],
    ['null', /not a run/],
    ['[]', /not a run/],
    [change({ slug: 'b' }), /run of the lab “b”/],
    [change({ version: 2 }), /newer version/],
    [change({ seeds: [] }), /“seeds”/],
    [change({ arms: [{ ...run.arms[0], series: [{ loss: [['a', 1]] }] }] }), /“arms\.0\.series/],
    [change({ knobs: { tau: {} } }), /“knobs/],
    [change({ seeds: [1, 1], arms: [] }), /a seed comes twice/],
    [change({ arms: [{ ...run.arms[0], series: [{ loss: [null, [1, 2, 3]] }] }] }), /two numbers/],
    [change({ seeds: [-1] }), /“seeds\.0”/],
    [change({ seeds: [1, 2] }), /expected one entry for each of 2 seeds; got 1/],
    [change({ wallMs: -1 }), /“wallMs”/],
    [change({ knobs: { tau: 99 } }), /“Temperature” cannot be 99/],
    [change({ knobs: { constructor: 1 } }), /“knobs/],
    [change({ arms: [{ ...run.arms[0], series: [{ toString: [[0, 1]] }] }] }), /“arms\.0\.series/],
    [change({ arms: [{ ...run.arms[0], final: { valueOf: [1] } }] }), /“arms\.0\.final/],
  ])('says what is wrong: %.40s', (json, expected) => expect(problem(readRun(meta, json, 'f.json'))).toMatch(expected));
  it('with half a letter in a text gets a sign for it, so that links can be made of it', () => {
    const read = readRun(meta, change({ knobs: { mode: '\ud800x' } }), 'f');
    expect((read as { run: RunResult }).run.knobs.mode).toBe('\uFFFDx');
  });
  it('may lack its times and an arm its place in a sweep', () => {
    const arms = [{ ...run.arms[0], x: null }];
    const read = readRun(meta, change({ arms, stepMs: null }), 'f') as { run: RunResult };
    expect(read.run.stepMs).toBe(0);
    expect(read.run.arms[0].x).toBeUndefined();
  });
  it('of an earlier version of the lab may hold what today cannot be set', () =>
    expect(problem(readRun({ ...meta, version: 2 }, change({ knobs: { tau: 99 } }), 'f'))).toBe('no problem'));
  it('of too many bytes is not opened', async () => {
    const huge = {
      name: 'big.json',
      size: 1e9,
      text: () => Promise.reject(new Error('never read')),
    } as unknown as File;
    expect(problem(await readRunFile(meta, huge))).toMatch(/954 MB, too large/);
  });
});
