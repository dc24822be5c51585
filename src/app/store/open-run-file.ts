// Opens a saved run: small files here, large ones in a worker that is ended afterwards.
import type { ReadRun, RunMeta } from './run-file.ts';
import { readRunFile } from './run-file.ts';

const LARGE_BYTES = 2 ** 20;

export async function openRunFile({ slug, title, version, controls }: RunMeta, file: File): Promise<ReadRun> {
  const meta = { slug, title, version, controls };
  if (file.size < LARGE_BYTES) return readRunFile(meta, file);
  const comlink = await import('comlink');
  const worker = new Worker(new URL('../../../workers/run-file-worker.ts', import.meta.url), { type: 'module' });
  const failed = new Promise<ReadRun>((resolve) => {
    worker.onerror = () =>
      resolve({ problem: `“${file.name.slice(0, 60)}” could not be read: it needs more memory than there is.` });
  });
  try {
    return await Promise.race([comlink.wrap<{ read: typeof readRunFile }>(worker).read(meta, file), failed]);
  } finally {
    worker.terminate();
  }
}
