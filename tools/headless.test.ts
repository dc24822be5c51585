import { expect, it } from 'vitest';
import type { RunResult } from '../src/labs/_kit/contract/result.ts';
import { meta } from '../src/runtime/testing/fixture-lab.ts';
import { claimLines, finalsTable, readCommand, readSeeds, toJson } from './headless.ts';
import { reproductionsPage } from './reproductions.ts';

const result: RunResult = {
  version: 1,
  slug: 'fixture',
  labVersion: 1,
  backend: 'cpu',
  seeds: [1, 2],
  knobs: { steps: 40 },
  arms: [
    {
      id: 'fast',
      label: 'fast',
      series: [
        {
          gap: [
            [0, 1 / 3],
            [40, 0.1234567891],
          ],
        },
        {
          gap: [
            [0, 2],
            [40, 0.2],
          ],
        },
      ],
      final: { gap: [0.1234567891, 0.2] },
    },
    { id: 'slow', label: 'slow', series: [{ gap: [[0, NaN]] }, {}], final: { gap: [NaN, 12345678.9] } },
  ],
  claims: [
    {
      id: 'sooner',
      text: 'fast | slow',
      measured: 0.5,
      threshold: '≥ 0',
      verdict: 'reproduced',
      required: true,
      margin: { atLeast: 0 },
      low: 0.25,
      high: 0.75,
      n: 3,
      points: 'for',
      needs: null,
    },
    {
      id: 'open',
      text: 'open',
      measured: 0.5,
      threshold: '≥ 0.6',
      verdict: 'undecided',
      required: true,
      margin: { atLeast: 0.6 },
      low: 0.25,
      high: 0.75,
      n: 3,
      se: 0.1,
      points: 'against',
      needs: 8,
    },
    {
      id: 'other',
      text: 'other',
      measured: null,
      threshold: '> 1',
      verdict: 'undecided',
      required: false,
      note: 'too few',
    },
  ],
  verdict: 'reproduced',
  wallMs: 1234.5678,
  stepMs: 0.01,
  pictures: { where: { w: Float32Array.of(0.1, 2), step: 3 } },
};

it('reads several knobs after one --set, and refuses what is no knob', async () => {
  const read = (...args: string[]) => {
    process.argv.splice(2, Infinity, ...args);
    return readCommand('usage', () => 1);
  };
  expect((await read('pyramid-drop', '--set', 'look=twemoji', 'questions=512', '--seeds', '2')).knobs).toEqual({
    look: 'twemoji',
    questions: 512,
  });
  await expect(read('pyramid-drop', '--set', 'questions=512', 'twice')).rejects.toThrow(
    'expected knob=value; got "twice"',
  );
});

it('reads a count of seeds or a list, and refuses what is neither', () => {
  expect(readSeeds('3')).toEqual([1, 2, 3]);
  expect(readSeeds('11,12,13')).toEqual([11, 12, 13]);
  expect(readSeeds('0,7')).toEqual([0, 7]);
  expect(readSeeds('11,')).toEqual([11]);
  for (const text of ['0', '', '-1', '1,-2', '1.5', '1,,2', ',1', '1;2', 'three', '1e3', '99999999999,1', '5000'])
    expect(() => readSeeds(text), text).toThrow(`got "${text}"`);
  expect(() => readSeeds('4,5,4')).toThrow('got "4,5,4": 4 is there twice');
});

it('writes plain JSON with six significant digits', () => {
  const parsed = JSON.parse(toJson(result));
  expect(parsed.arms[0].series[0].gap).toEqual([
    [0, 0.333333],
    [40, 0.123457],
  ]);
  expect(parsed.arms[1].final.gap).toEqual([null, 12345700]);
  expect(parsed.pictures).toEqual({ where: { w: [0.1, 2], step: 3 } });
  expect(parsed).toMatchObject({ version: 1, slug: 'fixture', backend: 'cpu', seeds: [1, 2], verdict: 'reproduced' });
});

it('shows means with their spread, and every claim with its number', () => {
  expect(finalsTable(result, meta).split('\n')).toEqual(['arm   gap', 'fast  0.1617 ±0.054', 'slow  NaN ±NaN']);
  expect(claimLines(result)).toBe(
    'reproduced      fast | slow: 0.5000 [0.2500 to 0.7500] (≥ 0)\nundecided       open: 0.5000 [0.2500 to 0.7500] (≥ 0.6); points against the claim; about 8 seeds would decide\nundecided       other: not measured (> 1), reported only; too few',
  );
});

it('makes a page of all verdicts', () => {
  const page = reproductionsPage([{ meta, result }]);
  expect(page).toContain('| 1. A fixture | [Fixture](#fixture) | reproduced here | 2 | cpu | 1 s |');
  expect(page).toContain('| fast \\| slow | 0.5 | 0.25 to 0.75 | ≥ 0 | reproduced here |');
  expect(page).toContain('| other (reported only) | not measured | – | > 1 | undecided: too few |');
});
