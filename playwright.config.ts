// End-to-end tests in Chromium: with WebGPU (software adapter where there is no other) and without any.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const port = Number(process.env.E2E_PORT ?? 5179);
const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--js-flags=--expose-gc',
];
const chromium = (args: string[]) => ({
  browserName: 'chromium' as const,
  launchOptions: { executablePath: process.env.CHROMIUM || system, args: [...quiet, ...args] },
});

export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  timeout: 120_000,
  reporter: [['list']],
  use: { baseURL: `http://localhost:${port}` },
  webServer: [
    {
      command: `npx vite --config e2e/vite.config.ts --port ${port} --strictPort`,
      port,
      reuseExistingServer: true,
      timeout: 60_000,
    },
    // the built page, under a sub-path
    {
      command: `npx vite preview --port ${port + 1} --strictPort --base /sub/path/`,
      port: port + 1,
      reuseExistingServer: true,
      timeout: 60_000,
    },
  ],
  projects: [
    {
      name: 'webgpu',
      testMatch: [
        'runtime.spec.ts',
        'engine.spec.ts',
        'rewrite.spec.ts',
        'pyramid-drop.spec.ts',
        'webgpu-visit.spec.ts',
      ],
      use: chromium(['--enable-unsafe-webgpu']),
    },
    {
      name: 'nowebgpu',
      testMatch: [
        'runtime.spec.ts',
        'page.spec.ts',
        'gallery.spec.ts',
        'pyramid-drop.spec.ts',
        'wrong-answers.spec.ts',
        'faults.spec.ts',
      ],
      use: chromium([]),
    },
  ],
});
