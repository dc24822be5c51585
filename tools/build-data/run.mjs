// Builds the packaged data: `npm run build-data -- fashion` (or emoji, digits) writes public/data/<set>/ and its entry in public/data/manifest.json.
import { register } from 'tsx/esm/api';

register();
const { buildData } = await import('./build.ts');
await buildData(process.argv.slice(2));
