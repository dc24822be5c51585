// Build of the static page: relative addresses (any sub-path works), module workers, summaries of the labs, offline copy.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { contentPolicy } from './tools/vite/content-policy.ts';
import { labMaths } from './tools/vite/lab-maths.ts';
import { labSummaries } from './tools/vite/lab-summaries.ts';
import { serviceWorker } from './tools/vite/service-worker.ts';

const offline = serviceWorker();

export default defineConfig({
  base: './',
  plugins: [labMaths(), react({ jsxImportSource: '#jsx' }), labSummaries(), contentPolicy(), offline.page],
  worker: { format: 'es', plugins: () => [offline.worker()] },
  // no file becomes a data: address, which the policy would have to allow
  build: { target: 'es2023', chunkSizeWarningLimit: 900, assetsInlineLimit: 0 },
  // named, since the scan would else take in every page below the root, also those of the bench, whose packages are its own
  optimizeDeps: { entries: ['index.html'], exclude: ['onnxruntime-web'] },
});
