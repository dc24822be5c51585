// The development server of the browser tests: it watches nothing, so that a file saved meanwhile reloads no page.
import { mergeConfig } from 'vite';
import config from '../vite.config.ts';

export default mergeConfig(config, {
  root: new URL('..', import.meta.url).pathname,
  server: { watch: null, hmr: false },
  optimizeDeps: { entries: ['e2e/harness.html'] },
});
