// Every live lab's meta, for the build alone: the page loads each one when its lab is opened.
import type { LabMeta } from '../../src/labs/_kit/contract/meta.ts';

export const metas: Record<string, LabMeta> = import.meta.glob('../../src/labs/*/meta.ts', {
  import: 'meta',
  eager: true,
});
