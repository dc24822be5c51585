import { describe, expect, it } from 'vitest';
import { readNumber, takeNumber } from './read-number.ts';

describe('a number as people write it', () => {
  it.each([
    ['7', 7],
    [' 7 ', 7],
    ['+7', 7],
    ['-7', -7],
    ['\u22127', -7],
    ['–0.5', -0.5],
    ['-0', 0],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['0,5', 0.5],
    [',5', 0.5],
    ['0,500', 0.5],
    ['1e3', 1000],
    ['1.5E-3', 0.0015],
    ['1,5e2', 150],
    ['1 000', 1000],
    ['1\u00A0000', 1000],
    ['1\u202F000\u202F000', 1e6],
    ["1'000", 1000],
    ['1’000', 1000],
    ['1_000', 1000],
    ['1,234,567', 1234567],
    ['1.234.567', 1234567],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['1 234,5', 1234.5],
    ['1.234', 1.234],
    ['1.5000', 1.5],
    ['12345,678', 12345.678],
    ['１２３', 123],
    ['１，５', 1.5],
    ['٣٫٥', 3.5],
    ['۱۲', 12],
    ['२५', 25],
  ])('%j is %d', (text, value) => expect(readNumber(text)).toEqual({ value, note: null }));
  it.each([
    ['1,000', 1000, /read as 1000; for a decimal point write 1\.000/],
    ['4,000', 4000, /read as 4000/],
    ['-12,345', -12345, /read as -12345/],
  ])('%j is %d, with a word', (text, value, note) => {
    const read = readNumber(text)!;
    expect(read.value).toBe(value);
    expect(read.note).toMatch(note);
  });
  it.each([
    '',
    ' ',
    'x',
    '1x',
    '1 2',
    '1,2,3',
    '1.2.3',
    '1,23,456',
    '1.000,000,0',
    '1e999',
    'NaN',
    'Infinity',
    '0x10',
    '--1',
    '1-',
    '5 %',
    '9'.repeat(50),
  ])('%j is none', (text) => expect(readNumber(text)).toBe(null));
});

describe('a box', () => {
  const fit = (value: number) => Math.min(200, Math.max(1, Math.round(value)));
  const take = (text: string) => takeNumber(text, 50, fit, '1 to 200');
  it('takes what fits without a word', () => expect(take('60')).toEqual({ value: 60, note: null }));
  it('says what it made of the rest', () => {
    expect(take('999')).toEqual({ value: 200, note: '999 was brought to 200. Possible is 1 to 200.' });
    expect(take('1.234').note).toBe('1.234 was brought to 1. Possible is 1 to 200.');
    expect(take('1,000').note).toMatch(/read as 1000.*1000 was brought to 200/);
    expect(take('many')).toEqual({ value: 50, note: '“many” is not a number; 50 stays.' });
    expect(take(' ')).toEqual({ value: 50, note: null });
  });
});
