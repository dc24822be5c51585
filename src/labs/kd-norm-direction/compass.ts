// The payload of the compass rose: for some test images and every arm, where the feature points and how long it is, through training.
import { cosines, normOf, predictions, topOf, type Sample } from './measures.ts';
import type { ArmInfo } from '../_kit/contract/meta.ts';
import { CLASSES } from './network.ts';

/** Test images drawn as arrows. */
export const ARROWS = 150;

export interface CompassFrame {
  step: number;
  /** Per image: degrees between the feature and its class mean; the sign says to which side of the spoke. */
  angles: number[];
  /** Per image: |s| / |t| in per cent. */
  lengths: number[];
  /** Per image: '1' where the classifier is right. */
  right: string;
}
export interface CompassArm {
  id: string;
  label: string;
  frames: CompassFrame[];
  /** Counts [true class, predicted class] of the newest evaluation, on all test images. */
  confusion: number[];
}
export interface CompassPicture {
  classes: string[];
  /** Classes in the order of their spokes round the circle: similar ones are neighbours. */
  order: number[];
  /** True class of each arrow. */
  labels: number[];
  /** What the spokes are. */
  directions: 'teacher' | 'random';
  arms: CompassArm[];
}

/** What one look at one arm adds to the picture. */
export interface CompassPart {
  arm: string;
  frame: CompassFrame;
  /** Of evaluations on all test images. */
  confusion?: number[];
}
export const compassKey = ({ arm, frame }: CompassPart): string => `${arm} ${frame.step}`;

/** The picture from the parts of all trials, in the page's order of arms. */
export function joinCompass(
  still: Omit<CompassPicture, 'arms'>,
  arms: readonly Pick<ArmInfo, 'id' | 'label'>[],
  parts: Iterable<CompassPart>,
): CompassPicture {
  const all = [...parts].sort((a, b) => a.frame.step - b.frame.step);
  const joined = arms.map(({ id, label }): CompassArm => {
    const own = all.filter((p) => p.arm === id);
    return {
      id,
      label,
      frames: own.map((p) => p.frame),
      confusion: own.findLast((p) => p.confusion)?.confusion ?? [],
    };
  });
  return { ...still, arms: joined.filter((a) => a.frames.length > 0) };
}

/** A frame from the first `ARROWS` rows. An arrow leans to the side of the other class that its feature is most like. */
export function compassFrame(
  step: number,
  { features, logits, labels, teacherNorms }: Sample,
  directions: ArrayLike<number>,
  order: readonly number[],
): CompassFrame {
  const count = Math.min(ARROWS, labels.length);
  const cos = cosines(Array.from(features).slice(0, count * (features.length / labels.length)), directions);
  const guess = predictions(logits);
  const frame: CompassFrame = { step, angles: [], lengths: [], right: '' };
  for (let i = 0; i < count; i++) {
    const own = labels[i];
    const row = Array.from(cos.subarray(i * CLASSES, (i + 1) * CLASSES));
    const angle = (Math.acos(Math.min(1, Math.max(-1, row[own]))) * 180) / Math.PI;
    row[own] = -Infinity;
    frame.angles.push(Math.round(angle * sideOf(own, topOf(row, 0, CLASSES), order)));
    frame.lengths.push(Math.round((100 * normOf(features, i)) / teacherNorms[i]));
    frame.right += guess[i] === own ? '1' : '0';
  }
  return frame;
}
/** 1 when `other` is reached sooner clockwise from `own`, else -1. */
function sideOf(own: number, other: number, order: readonly number[]): 1 | -1 {
  const turn = (order.indexOf(other) - order.indexOf(own) + order.length) % order.length;
  return turn <= order.length / 2 ? 1 : -1;
}

/** Cosines between unit rows. @returns [count, count] */
export function cosineMatrix(directions: ArrayLike<number>): number[] {
  return Array.from(cosines(directions, directions));
}

/** An order round a circle in which neighbours are alike: from 0, 1, 2, .. by turning round stretches while that helps (2-opt). */
export function circleOrder(cosine: ArrayLike<number>, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  const like = (a: number, b: number) => cosine[order[a % count] * count + order[b % count]];
  for (let better = true; better;) {
    better = false;
    for (let i = 0; i < count - 1; i++)
      for (let j = i + 1; j < count; j++) {
        const before = like(i + count - 1, i) + like(j, j + 1);
        const after = like(i + count - 1, j) + like(i, j + 1);
        // turning round all but one or none changes nothing
        if (j - i >= count - 2 || after <= before + 1e-9) continue;
        order.splice(i, j - i + 1, ...order.slice(i, j + 1).reverse());
        better = true;
      }
  }
  return order;
}
