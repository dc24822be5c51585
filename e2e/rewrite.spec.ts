// PyramidDrop's rewrite of foreign decoders on WebGPU against a plain float64 decoder. (WebAssembly: pyramid-drop.test.ts beside the code.)
import { expect, test, type Page } from '@playwright/test';
import { hideSubgroups } from '../src/runtime/device/hide-subgroups.ts';
import type { Parity, ParityCase } from './rewrite-parity.ts';

declare global {
  interface Window {
    rewrite?: { rewriteParity(provider: 'webgpu' | 'wasm', given: ParityCase): Promise<Parity> };
  }
}

const TILES = `ttt${'ttiiii'.repeat(17)}${'t'.repeat(9)}`;
const CASES: ParityCase[] = [
  { name: 'rotary nodes' },
  { name: 'original positions', positions: 'original' },
  { name: 'packed projection, rotation inside the attention op', spec: { packed: true, fusedRotary: true } },
  { name: '4-bit weights', spec: { int4: true } },
  { name: '17 tiles', flags: TILES, keep: [34, 17, 8] },
  { name: 'all image tokens dropped', keep: [0, 0, 0] },
  { name: 'text alone', flags: 't'.repeat(20) },
];

async function open(page: Page): Promise<void> {
  await page.addInitScript(hideSubgroups);
  page.on('pageerror', (error) => console.log('page error:', error.message));
  await page.goto('/e2e/harness.html');
  await page.addScriptTag({
    type: 'module',
    content: 'import * as rewrite from "/e2e/rewrite-parity.ts"; window.rewrite = rewrite;',
  });
  await page.waitForFunction(() => 'rewrite' in window);
}

test.setTimeout(240_000);
for (const given of CASES) {
  test(`a rewritten decoder agrees with the plain one: ${given.name}`, async ({ page }) => {
    await open(page);
    const { worst, plain, identical, keepsAgree, lengthsAgree } = await page.evaluate(
      (g) => window.rewrite!.rewriteParity('webgpu', g),
      given,
    );
    expect(plain, 'the decoder before the rewrite').toBeLessThan(1e-3);
    expect(worst).toBeLessThan(1e-3);
    expect({ identical, keepsAgree, lengthsAgree }).toEqual({ identical: true, keepsAgree: true, lengthsAgree: true });
  });
}
