// The neurons as points: along the target's direction, and along another.
import type { ScatterPicture } from '../../pictures/payloads.ts';
import type { Training } from './training.ts';

const GROUPS = ['a neuron'];
const round = (v: number): number => Number(v.toPrecision(4));

/** One frame of the recorded picture. */
export function cloudOf({ network, steps }: Training): { step: number; picture: ScatterPicture } {
  const { D, N } = network.problem.setting;
  const w = network.neurons();
  const axis = (i: number) => Array.from({ length: N }, (_, n) => round(w[n * D + i]));
  return {
    step: steps,
    picture: {
      x: axis(0),
      y: axis(1),
      group: new Array<number>(N).fill(0),
      groups: GROUPS,
      xLabel: 'along the target',
      yLabel: 'along another direction',
      square: true,
    },
  };
}
