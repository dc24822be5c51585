// What a builder of packaged data gives. Types only.
import type { Dataset } from '../../src/data/types.ts';

/** What one builder gives: its manifest entry and its files, by path under public/data. */
export interface Built {
  dataset: Dataset;
  files: Map<string, Uint8Array>;
}
