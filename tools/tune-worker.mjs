// Starts tune-worker.ts in a thread: TypeScript has to be made readable in each thread anew.
import { register } from 'tsx/esm/api';

register();
await import('./tune-worker.ts');
