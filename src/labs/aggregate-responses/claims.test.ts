import { describe, expect, it } from 'vitest';
import type { ArmResult } from '../_kit/contract/result.ts';
import { checkClaims } from './claims.ts';

const arm = (id: string, final: Record<string, number[]>): ArmResult => ({ id, label: id, series: [], final });
const arms = (over: Record<string, Record<string, number[]>> = {}) =>
  Object.entries<Record<string, number[]>>({
    bag: { risk: [0.48, 0.44], bias2: [0.02, 0.02], variance: [0.46, 0.42], error: [0.02, 0.02] },
    instance: { risk: [0.68, 0.66], bias2: [0.64, 0.64], variance: [0.03, 0.03], error: [0.3, 0.3] },
    best: { risk: [0.26, 0.26], rho: [0.05, 0.05] },
    chosen: { error: [0.03, 0.03] },
    ...over,
  }).map(([id, final]) => arm(id, final));
const verdicts = (a: ArmResult[], identity: number | null = 1e-8) =>
  Object.fromEntries(checkClaims(a, identity).map((c) => [c.id, c.verdict]));

describe('claims', () => {
  it('pass with every margin kept', () => {
    expect(verdicts(arms())).toEqual({
      between: 'reproduced',
      trade: 'reproduced',
      identity: 'reproduced',
      neural: 'reproduced',
    });
  });
  it('fail beyond each margin', () => {
    expect(verdicts(arms({ best: { risk: [0.4] } })).between).toBe('not-reproduced'); // 0.4 / 0.46 = 0.87
    expect(verdicts(arms({ bag: { risk: [0.46], bias2: [0.2], variance: [0.44], error: [0.02] } })).trade).toBe(
      'not-reproduced',
    ); // bias only 1.8 times
    expect(verdicts(arms({ instance: { risk: [0.9], bias2: [0.64], variance: [0.3], error: [0.3] } })).trade).toBe(
      'not-reproduced',
    ); // variance only 1.5 times
    expect(verdicts(arms(), 2e-5).identity).toBe('not-reproduced');
    expect(verdicts(arms({ chosen: { error: [0.05] } })).neural).toBe('not-reproduced');
  });
  it('stays open while parts are missing; (d) decides nothing', () => {
    expect(verdicts([], null)).toEqual({
      between: 'undecided',
      trade: 'undecided',
      identity: 'undecided',
      neural: 'undecided',
    });
    expect(
      checkClaims(arms(), 0)
        .filter((c) => c.required)
        .map((c) => c.id),
    ).toEqual(['between', 'trade', 'identity']);
  });
});
