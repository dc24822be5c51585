// The inputs that a rewritten decoder takes beside its own: which tokens are protected, and how many go at each cut.
import type { HostTensor } from './session.ts';

const floats = (values: readonly number[]): HostTensor => ({
  type: 'float32',
  data: Float32Array.from(values),
  dims: [values.length],
});
const integers = (values: readonly number[]): HostTensor => ({
  type: 'int64',
  data: BigInt64Array.from(values, BigInt),
  dims: [values.length],
});

/** Image tokens dropped at each cut, for image tokens to keep after each. What is gone stays gone. */
export function dropCounts(imageTokens: number, keep: readonly number[]): number[] {
  let alive = imageTokens;
  return keep.map((k) => {
    const dropped = Math.max(0, alive - Math.max(0, k));
    alive -= dropped;
    return dropped;
  });
}
const running = (drops: readonly number[]) => drops.map((_, i) => drops.slice(0, i + 1).reduce((a, b) => a + b, 0));

export interface PromptPlan {
  imageTokens: number;
  drops: number[];
  totals: number[];
}
/** How a prompt is thinned. `isImage`: one flag per prompt token; `keep`: image tokens left after each cut. */
export function planPrompt(isImage: readonly boolean[], keep: readonly number[]): PromptPlan {
  const imageTokens = isImage.filter(Boolean).length;
  const drops = dropCounts(imageTokens, keep);
  return { imageTokens, drops, totals: running(drops) };
}

/** Extra inputs of the prefill. `hasDecodeFlag` as the rewritten decoder says. */
export function prefillFeeds(
  isImage: readonly boolean[],
  { drops, totals }: PromptPlan,
  hasDecodeFlag: boolean,
): Record<string, HostTensor> {
  return {
    pdrop_protect: floats(isImage.map((image) => (image ? 0 : 10))),
    pdrop_iota: floats(isImage.map((_, i) => i)),
    pdrop_drop: integers(drops),
    pdrop_total: integers(totals),
    ...(hasDecodeFlag ? { pdrop_is_decode: integers([0]) } : {}),
  };
}
/** Extra inputs of a step that adds one token: nothing is dropped, what was dropped before shifts positions and lengths. */
export function decodeFeeds({ drops, totals }: PromptPlan, hasDecodeFlag: boolean): Record<string, HostTensor> {
  return {
    pdrop_protect: floats([10]),
    pdrop_iota: floats([0]),
    pdrop_drop: integers(drops.map(() => 0)),
    pdrop_total: integers(totals),
    ...(hasDecodeFlag ? { pdrop_is_decode: integers([1]) } : {}),
  };
}
