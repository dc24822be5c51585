// Finds live labs by their folders. The page loads a lab's meta, recording and picture when it is opened;
// lab.ts is the worker's business and is never imported here.
import type { ComponentType } from 'react';
import type { LabMeta } from './_kit/contract/meta.ts';
import { readResult } from './_kit/contract/read-result.ts';
import type { RunResult } from './_kit/contract/result.ts';
import type { ViewProps } from './_kit/contract/view.ts';

const metas = import.meta.glob<LabMeta>('./*/meta.ts', { import: 'meta' });
/** Written by the build (tools/vite/lab-maths.ts). */
const maths = import.meta.glob<Record<string, string>>('./*/meta.ts', { import: 'maths' });
const recordings = import.meta.glob<RunResult>('./*/recorded.json', { import: 'default' });
const views = import.meta.glob<{ default: ComponentType<ViewProps> }>('./*/View.tsx');

export const isLive = (slug: string): boolean => Object.hasOwn(metas, `./${slug}/meta.ts`);

/** A lab's meta, or null when no such lab is live. */
export async function loadMeta(slug: string): Promise<LabMeta | null> {
  return isLive(slug) ? metas[`./${slug}/meta.ts`]() : null;
}

/** The formulas of a live lab: MathML by its TeX. */
export const loadMaths = async (slug: string): Promise<Record<string, string>> =>
  isLive(slug) ? maths[`./${slug}/meta.ts`]() : {};

/** The recorded run, or null where there is none. */
export async function loadRecorded(slug: string): Promise<RunResult | null> {
  const path = `./${slug}/recorded.json`;
  return Object.hasOwn(recordings, path) ? readResult(await recordings[path]()) : null;
}

/** The lab's own picture as a lazy module, or null where a fixed view serves. */
export function viewLoader(slug: string): (() => Promise<{ default: ComponentType<ViewProps> }>) | null {
  const path = `./${slug}/View.tsx`;
  return Object.hasOwn(views, path) ? views[path] : null;
}
