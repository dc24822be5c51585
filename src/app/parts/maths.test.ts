import { describe, expect, it } from 'vitest';
import { mathsParts } from './maths.ts';

const flat = (text: string) =>
  mathsParts(text)
    .map(({ kind, text }) => (kind === 'base' ? text : `${kind}(${text})`))
    .join('');

describe('mathsParts', () => {
  it.each([
    ['r_i(s_ij)', 'rsub(i)(ssub(ij))'],
    ['Σ_{k≠i} exp(s_ik/τ)', 'Σsub(k≠i) exp(ssub(ik)/τ)'],
    ['tau', 'τ'],
    ['x^2 + \\lambda', 'xsup(2) + λ'],
    ['L_simple = 1', 'Lsub(simple) = 1'],
    ['plain text', 'plain text'],
    ['10^-3', '10sup(-3)'],
    ['a_', 'a_'],
    ['Σ_{i∈B_a} f', 'Σsub(i∈Ba) f'],
  ])('%s', (text, parts) => expect(flat(text)).toBe(parts));
});
