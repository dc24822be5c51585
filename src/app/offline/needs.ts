// What offline.json says: which files each lab needs to run without a network. Written by the build (tools/vite).

export interface OfflineNeeds {
  version: 1;
  /** Path under the page's folder -> bytes. */
  bytes: Record<string, number>;
  /** Files of the page and the engine, which every lab needs. */
  common: string[];
  /** Slug -> its own code, models and data sets, these whole. */
  labs: Record<string, string[]>;
}
