import { describe, expect, it } from 'vitest';
import type { ArmResult } from '../_kit/contract/result.ts';
import { checkClaims } from './claims.ts';

const arm = (id: string, final: Record<string, number[]>): ArmResult => ({ id, label: id, series: [], final });
/** Three seeds on either side of a value. */
const about = (v: number, part = 0.02) => [v * (1 - part), v, v * (1 + part)];
const arms = (over: Record<string, Record<string, number[]>> = {}) =>
  Object.entries<Record<string, number[]>>({
    bag: { risk: about(0.46), bias2: about(0.02), variance: about(0.44), error: [0.02, 0.02, 0.02] },
    instance: { risk: about(0.67, -0.02), bias2: about(0.64, -0.02), variance: about(0.03, -0.02), error: about(0.3) },
    best: { rho: [0.05, 0.05, 0.05] },
    chosen: { risk: about(0.27, -0.03), error: about(0.03), rho: about(0.053) },
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
    expect(checkClaims(arms(), 0)[0].note).toBe(
      'shown: against ρ = 0; chosen ρ 0.053 on average; best in hindsight 0.05',
    );
  });
  it('fail where one part lies beyond its margin', () => {
    expect(verdicts(arms({ chosen: { risk: about(0.46, 0.01) } })).between).toBe('not-reproduced');
    const bag = { risk: about(0.46), bias2: about(0.3, 0.03), variance: about(0.44), error: [0.02, 0.02, 0.02] };
    expect(verdicts(arms({ bag })).trade).toBe('not-reproduced'); // bias only 1.5 times
    const instance = { risk: about(0.9), bias2: about(0.64), variance: about(0.3, -0.01), error: about(0.3) };
    expect(verdicts(arms({ instance })).trade).toBe('not-reproduced'); // variance only 1.5 times
    expect(verdicts(arms(), 2e-5).identity).toBe('not-reproduced');
    expect(verdicts(arms({ chosen: { error: about(0.06) } })).neural).toBe('not-reproduced');
  });
  it('stay open where seeds leave it open, and while parts are missing; (d) decides nothing', () => {
    expect(verdicts(arms({ chosen: { risk: [0.2, 0.3, 0.42] } })).between).toBe('undecided');
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
