// The fuzz targets by name. A new one is a row here.
import { csvTarget } from './csv.ts';
import { linkTarget } from './links.ts';
import { onnxTarget } from './onnx.ts';
import { questionTarget } from './questions.ts';
import { runTarget } from './runs.ts';
import type { FuzzTarget } from './target.ts';

export const TARGETS: Record<string, () => Promise<FuzzTarget<unknown>>> = {
  links: async () => asAny(await linkTarget()),
  runs: async () => asAny(await runTarget()),
  csv: async () => asAny(csvTarget),
  onnx: async () => asAny(onnxTarget),
  questions: async () => asAny(questionTarget),
};

/** The runner hands a target only what the target itself made. */
const asAny = <T>(target: FuzzTarget<T>): FuzzTarget<unknown> => target as unknown as FuzzTarget<unknown>;
