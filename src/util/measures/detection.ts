// Overlap of boxes, intervals and masks, suppression of near-duplicates, and average precision of detections.
import { invariant } from '../invariant.ts';

/** Lows, then highs: [x0, y0, x1, y1] is a box, [t0, t1] an interval. */
export type Extent = ArrayLike<number>;

/** Intersection over union of two boxes or intervals; 0 when neither has size. */
export function iou(a: Extent, b: Extent): number {
  const axes = a.length / 2;
  let shared = 1;
  let sizeA = 1;
  let sizeB = 1;
  for (let d = 0; d < axes; d++) {
    shared *= Math.max(0, Math.min(a[axes + d], b[axes + d]) - Math.max(a[d], b[d]));
    sizeA *= Math.max(0, a[axes + d] - a[d]);
    sizeB *= Math.max(0, b[axes + d] - b[d]);
  }
  const union = sizeA + sizeB - shared;
  return union > 0 ? shared / union : 0;
}

/** Intersection over union of two masks of equal size, entries not zero being inside; NaN when both are empty. */
export function maskIou(a: ArrayLike<number>, b: ArrayLike<number>): number {
  invariant(a.length === b.length, () => `maskIou: expected masks of one size; got ${a.length} and ${b.length}`);
  let shared = 0;
  let union = 0;
  for (let i = 0; i < a.length; i++) {
    shared += Number(a[i] && b[i] ? 1 : 0);
    union += Number(a[i] || b[i] ? 1 : 0);
  }
  return shared / union;
}

/** IoU of each class from pixel counts [true, predicted]; NaN for a class that is nowhere. @returns [classes] */
export function iouByClass(counts: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from({ length: classes }, (_, c) => {
    let union = -counts[c * classes + c];
    for (let k = 0; k < classes; k++) union += counts[c * classes + k] + counts[k * classes + c];
    return counts[c * classes + c] / union;
  });
}

/**
 * Greedy non-maximum suppression: by descending score, the first of equal ones first, keeps what overlaps no kept one by more than `threshold`.
 * @returns indices kept, in order of score
 */
export function suppress(extents: readonly Extent[], scores: ArrayLike<number>, threshold: number): number[] {
  const kept: number[] = [];
  for (const i of descending(scores)) {
    if (kept.every((j) => iou(extents[i], extents[j]) <= threshold)) kept.push(i);
  }
  return kept;
}

const descending = (scores: ArrayLike<number>): number[] =>
  Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);

export interface Detection {
  /** Number of the picture, video or text. */
  image: number;
  extent: Extent;
  score: number;
}
export type Truth = Omit<Detection, 'score'>;

/**
 * Average precision of one class: detections by descending score, each matched to the truth of its image that it overlaps most;
 * a hit when that is at least `threshold` and the truth not matched before. Area under precision made monotone, at every point
 * (PASCAL VOC 2010). NaN without truths.
 */
export function detectionAp(detections: readonly Detection[], truths: readonly Truth[], threshold: number): number {
  const taken = new Set<number>();
  const precision: number[] = [];
  const recall: number[] = [];
  let hits = 0;
  descending(detections.map((d) => d.score)).forEach((i, seen) => {
    const at = mostOverlapped(detections[i], truths);
    if (at.index >= 0 && at.overlap >= threshold && !taken.has(at.index)) {
      taken.add(at.index);
      hits++;
    }
    precision.push(hits / (seen + 1));
    recall.push(hits / truths.length);
  });
  return truths.length === 0 ? NaN : areaUnder(precision, recall);
}

function mostOverlapped({ image, extent }: Detection, truths: readonly Truth[]): { index: number; overlap: number } {
  let index = -1;
  let overlap = 0;
  truths.forEach((truth, t) => {
    if (truth.image !== image) return;
    const shared = iou(extent, truth.extent);
    if (shared > overlap) {
      overlap = shared;
      index = t;
    }
  });
  return { index, overlap };
}

function areaUnder(precision: number[], recall: number[]): number {
  let area = 0;
  let best = 0;
  for (let i = precision.length - 1; i >= 0; i--) {
    best = Math.max(best, precision[i]);
    area += best * (recall[i] - (i > 0 ? recall[i - 1] : 0));
  }
  return area;
}
