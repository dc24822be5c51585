import { describe, expect, it } from 'vitest';
import { strategyFor } from './strategy.ts';

const scope = 'https://example.org/course/playground/';
const ask = (path: string, more: object = {}) =>
  strategyFor({ url: new URL(path, scope).href, method: 'GET', mode: 'cors', ...more }, scope);

describe('strategyFor', () => {
  it('serves the page, its assets and its files under a sub-path', () => {
    expect(ask('', { mode: 'navigate' })).toBe('page');
    expect(ask('?embed=1', { mode: 'navigate' })).toBe('page');
    expect(ask('assets/index-abc.js')).toBe('asset');
    expect(ask('data/fashion/train-0.bin')).toBe('file');
    expect(ask('models/teacher.onnx?x=1')).toBe('file');
    expect(ask('favicon.svg')).toBe('page');
  });
  it('keeps off everything else', () => {
    expect(ask('/other/assets/index.js')).toBe('pass');
    expect(ask('https://elsewhere.example/assets/a.js')).toBe('pass');
    expect(ask('assets/a.js', { method: 'POST' })).toBe('pass');
    expect(ask('docs/report.pdf', { mode: 'navigate' })).toBe('pass');
    expect(ask('sw.js')).toBe('pass');
  });
});
