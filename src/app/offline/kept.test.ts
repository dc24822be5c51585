import { describe, expect, it } from 'vitest';
import { offlineState } from './kept.ts';
import type { OfflineNeeds } from './needs.ts';

const needs: OfflineNeeds = {
  version: 1,
  bytes: { 'assets/page.js': 10, 'assets/other.wasm': 500, 'assets/a.js': 1, 'data/a.bin': 20, 'assets/b.js': 3 },
  common: ['assets/page.js', 'assets/other.wasm'],
  labs: { a: ['assets/a.js', 'data/a.bin'], b: ['assets/b.js', 'data/a.bin'] },
};
const state = (...kept: string[]) => offlineState(needs, new Set(kept), (path) => path !== 'assets/other.wasm');

describe('labs without a network', () => {
  it('a lab is ready when all its files and the common ones are kept', () => {
    expect(state('assets/page.js', 'assets/a.js', 'data/a.bin')).toEqual({
      ready: ['a'],
      labs: 2,
      missing: ['assets/b.js'],
      missingBytes: 3,
    });
  });
  it('none is ready without the common files; a shared file counts once', () => {
    expect(state('assets/a.js')).toEqual({
      ready: [],
      labs: 2,
      missing: ['assets/page.js', 'data/a.bin', 'assets/b.js'],
      missingBytes: 33,
    });
  });
});
