// npm run train-models -- <name> [options]: trains a shipped model (seeded, resumable); one file per model in tools/models.
import { existsSync, readdirSync } from 'node:fs';

const folder = new URL('./models/', import.meta.url);
const [name, ...args] = process.argv.slice(2);
const known = readdirSync(folder)
  .filter((f) => f.endsWith('.ts') && !/^trainer|-gates\.ts$|\.test\.ts$/.test(f))
  .map((f) => f.slice(0, -3));
if (!name || !known.includes(name) || !existsSync(new URL(`${name}.ts`, folder))) {
  console.error(`usage: npm run train-models -- <name> [options]\nknown models: ${known.join(', ')}`);
  process.exit(1);
}
const { train } = (await import(new URL(`${name}.ts`, folder).href)) as { train(args: string[]): Promise<void> };
await train(args);
