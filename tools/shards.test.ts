// A recording as independent jobs, spread by GNU parallel over local workers; and the errors of a wrong --merge.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../src/labs/_kit/contract/result.ts';
import { meta } from '../src/labs/contrastive-behaviour/meta.ts';
import { mergedCommand, readShard, readShardFile, UsageError, writeShard } from './shards.ts';

const outcome = {
  units: [0],
  count: 1,
  points: [],
  examples: [],
  parts: [],
  pictures: {},
  wallMs: Math.PI,
  stepMs: NaN,
};
const command = { meta, slug: meta.slug, seeds: [1], knobs: { budget: 'glimpse' }, backend: 'cpu' as const };
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shards-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('files of shares', () => {
  it('keep every number to the last digit', () => {
    const file = join(folder, 'one');
    const picture = { w: Float32Array.of(0.1, NaN), none: undefined };
    writeShard(file, command, { ...outcome, pictures: { picture } });
    expect(readShardFile(file).outcome).toEqual({ ...outcome, pictures: { picture } });
    expect(mergedCommand(meta, [file])).toMatchObject({ seeds: [1], backend: 'cpu' });
  });

  it('are refused when they are of different runs, or no such files', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name));
    writeShard(a, command, outcome);
    writeShard(b, { ...command, seeds: [1, 2] }, outcome);
    writeFileSync(c, 'not a share');
    expect(() => mergedCommand(meta, [a, b])).toThrow(/b: expected a share of .*"seeds":\[1\].*got .*"seeds":\[1,2\]/);
    expect(() => mergedCommand(meta, [c])).toThrow(/c: expected a file that --shard wrote/);
    expect(() => mergedCommand(meta, [])).toThrow(UsageError);
  });

  it('are named by number', () => {
    expect(readShard('2/8')).toEqual({ index: 1, of: 8 });
    for (const text of ['0/8', '9/8', '2', 'a/b']) expect(() => readShard(text)).toThrow(/--shard: expected one of/);
  });
});

const hasParallel = spawnSync('parallel', ['--version']).stdout?.toString().includes('GNU parallel') ?? false;

it.skipIf(!hasParallel)(
  'jobs under GNU parallel are together the run of one process, to the last digit',
  { timeout: 300_000 },
  () => {
    const lab = [process.execPath, '--import', 'tsx', 'tools/lab.ts', meta.slug].join(' ');
    const settings = ['--set', 'budget=glimpse', '--ep', 'cpu', '--threads', '1'];
    const at = (name: string) => join(folder, name);
    const run = (program: string, ...args: string[]) => {
      const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    };
    const job = [lab, ...settings, '--shard', '{1}/{2}', '--out', at('{1}-of-{2}.shard')].join(' ');
    run('parallel', '--jobs', '2', '--link', job, ':::', '1', '1', '2', ':::', '1', '2', '2');
    const points = (...names: string[]) =>
      names
        .flatMap((name) => readShardFile(at(name)).outcome.points)
        .map(({ arm, seed, metric, step, value }) => [`${arm} ${seed} ${metric} ${step}`, value] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    const whole = points('1-of-1.shard');
    expect(whole.length).toBeGreaterThan(50);
    expect(points('1-of-2.shard', '2-of-2.shard')).toEqual(whole);

    const merge = [lab, '--merge', at('*-of-{}.shard'), '--json', at('{}.json')].join(' ');
    run('parallel', '--jobs', '2', merge, ':::', '1', '2');
    const [one, two] = [1, 2].map((of) => JSON.parse(readFileSync(at(`${of}.json`), 'utf8')) as RunResult);
    for (const same of ['arms', 'claims', 'verdict', 'seeds', 'knobs', 'backend'] as const)
      expect(two[same]).toEqual(one[same]);
    expect(two.verdict).toMatch(/reproduced|undecided/);
  },
);
