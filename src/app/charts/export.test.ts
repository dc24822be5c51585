import { describe, expect, it } from 'vitest';
import { csvOf, fileName, legendRows, wrapped } from './export.ts';

describe('csvOf', () => {
  it('quotes what must be quoted and keeps numbers whole', () => {
    expect(
      csvOf({
        head: ['arm', 'a,b'],
        rows: [
          ['say "hi"', 0.1 + 0.2],
          [null, Number.NaN],
          ['two\nlines', -1],
        ],
      }),
    ).toBe('arm,"a,b"\n"say ""hi""",0.30000000000000004\n,\n"two\nlines",-1\n');
  });
});

describe('a spreadsheet', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('takes no text for a formula: %j', (text) => {
    const [, cell] = /^arm\n"?(.)/.exec(csvOf({ head: ['arm'], rows: [[text]] }))!;
    expect(cell).toBe("'");
  });
  it('gets negative numbers as numbers', () => expect(csvOf({ head: ['a'], rows: [[-1.5]] })).toBe('a\n-1.5\n'));
});

describe('fileName', () => {
  it('keeps to plain letters', () => {
    expect(fileName('contrastive-behaviour', 'Probe accuracy / τ?', 'run 2.csv')).toBe(
      'contrastive-behaviour-probe-accuracy-run-2.csv',
    );
    expect(fileName('x'.repeat(200)).length).toBe(80);
  });
});

describe('words below a saved chart', () => {
  it('break into lines that fit', () => {
    expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrapped('unbreakable', 4)).toEqual(['unbreakable']);
  });
  it('put legend entries into rows within the width', () => {
    const items = Array.from({ length: 6 }, (_, i) => ({ label: `arm ${i}`, color: '#000', dash: '' }));
    const rows = legendRows(items, 200);
    expect(rows.map((row) => row.length)).toEqual([2, 2, 2]);
    expect(rows[0].map((item) => item.x)).toEqual([0, 81]);
    expect(legendRows([], 200)).toEqual([]);
  });
});
