import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isExpectedType, isOurPage, sumOf } from './expected.ts';

describe('an answer that may be kept', () => {
  it.each([
    ['assets/index-a.js', 'text/javascript; charset=utf-8', true],
    ['assets/ort.mjs', 'application/javascript', true],
    ['assets/index-a.js', 'text/html', false],
    ['assets/index-a.js', null, false],
    ['assets/index-a.css', 'text/css', true],
    ['assets/index-a.css', 'text/html; charset=utf-8', false],
    ['assets/ort.wasm', 'application/wasm', true],
    ['assets/ort.wasm', 'TEXT/HTML', false],
    ['data/manifest.json', 'application/json', true],
    ['data/manifest.json', 'text/html', false],
    ['data/fashion/train-0.bin', 'text/html', false],
    ['models/a.onnx', null, true],
    ['data/licences/MIT.txt', 'text/plain', true],
    ['assets/inter.woff2', 'application/octet-stream', true],
  ])('%s as %s: %s', (path, type, expected) => expect(isExpectedType(path, type)).toBe(expected));
  it('the page knows itself, and nothing else', () => {
    expect(isOurPage(readFileSync('index.html', 'utf8'))).toBe(true);
    expect(isOurPage('<!doctype html><title>Log in to the hotel</title><p>Paper Playground</p>')).toBe(false);
  });
  it('a sum is the beginning of the SHA-256', async () => {
    const bytes = new TextEncoder().encode('abc');
    expect(await sumOf(bytes.buffer as ArrayBuffer)).toBe(
      createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    );
  });
});
