// The gallery's picture: the tips of the method's compass arrows, by class.
import type { ThumbnailOf } from '../../pictures/thumbnail.ts';
import { readCompass } from './compass-text.ts';

export const thumbnail: ThumbnailOf = ({ compass: payload }) => {
  const compass = readCompass(payload);
  const frame = compass?.arms.find(({ id }) => id === 'nd')?.frames.at(-1);
  if (!compass || !frame) return null;
  const { order, labels } = compass;
  const turn = (i: number) =>
    (2 * Math.PI * order.indexOf(labels[i])) / order.length + (frame.angles[i] * Math.PI) / 180;
  const tips = Array.from(frame.lengths, (_, i) => i);
  return {
    kind: 'scatter',
    label: 'Features of the distilled student round the compass of class means',
    picture: {
      x: tips.map((i) => frame.lengths[i] * Math.sin(turn(i))),
      y: tips.map((i) => frame.lengths[i] * Math.cos(turn(i))),
      group: tips.map((i) => labels[i]),
      square: true,
    },
  };
};
