import { describe, expect, it } from 'vitest';
import { csvOf, fileName } from './export.ts';

describe('csvOf', () => {
  it('quotes what must be quoted and keeps numbers whole', () => {
    expect(csvOf({ head: ['arm', 'a,b'], rows: [['say "hi"', 0.1 + 0.2], [null, Number.NaN], ['two\nlines', -1]] }))
      .toBe('arm,"a,b"\n"say ""hi""",0.30000000000000004\n,\n"two\nlines",-1\n');
  });
});

describe('fileName', () => {
  it('keeps to plain letters', () => {
    expect(fileName('contrastive-behaviour', 'Probe accuracy / τ?', 'run 2.csv')).toBe('contrastive-behaviour-probe-accuracy-run-2.csv');
    expect(fileName('x'.repeat(200)).length).toBe(80);
  });
});
