// A gallery as it will be: a card for each of the 70 papers, with invented figures and thumbnails of every kind.
import type { Verdict } from '../src/labs/_kit/contract/result.ts';
import { CATALOG } from '../src/labs/catalog.ts';
import type { LabCard, Thumbnail } from '../src/app/gallery/summary.ts';
import { thumbnailOf, type ThumbSource } from '../src/pictures/thumbnail.ts';
import { prng } from '../src/util/prng.ts';
import { png } from '../tools/vite/png.ts';

const VERDICTS: Verdict[] = ['reproduced', 'undecided', 'not-reproduced'];

function sourceOf(n: number): ThumbSource {
  const random = prng(n, 'card');
  const values = (count: number) => Array.from({ length: count }, () => random.next());
  const label = 'an invented picture';
  const group = Array.from({ length: 150 }, (_, i) => i % 5);
  const near = (axis: number) => values(150).map((v, i) => v + Math.cos(group[i] + axis));
  const kinds: ThumbSource[] = [
    { kind: 'scatter', label, picture: { x: near(0), y: near(1.5), group } },
    { kind: 'heatmap', label, picture: { rows: 8, cols: 12, values: values(96) } },
    { kind: 'images', label, picture: { width: 12, height: 12, channels: 1, values: values(8 * 144) } },
    { kind: 'graph', label, picture: { nodes: 12, edges: values(40).map((v) => Math.floor(12 * v)), group } },
    { kind: 'simplex', label, picture: { shares: values(120), corners: ['a', 'b', 'c'], group } },
    { kind: 'matrix', label, picture: { rows: 10, cols: 10, values: values(100).map((v) => v - 0.5), signed: true } },
  ];
  return kinds[n % kinds.length];
}

function thumbnail(n: number): Thumbnail | null {
  const thumb = thumbnailOf(sourceOf(n));
  if (thumb?.kind !== 'pixels') return thumb;
  const { width, height, rgb, label } = thumb;
  const href = `data:image/png;base64,${png(width, height, rgb).toString('base64')}`;
  return { kind: 'image', width, height, href, label };
}

export const seventyCards: LabCard[] = CATALOG.map(({ slug, name, claim, number }) => ({
  slug,
  title: name,
  claim,
  seeds: 3,
  cost: { cpuSeconds: 5 * (1 + ((number * 7) % 60)), steps: 1000 },
  recorded: { verdict: VERDICTS[number % 3], seeds: 3, backend: 'cpu', passed: 2, checks: 3 },
  thumbnail: number % 11 === 0 ? null : thumbnail(number),
}));
