// The gallery's picture: the sky of the method at the end of its training.
import type { ThumbnailOf } from '../../pictures/thumbnail.ts';
import { CORNER_NAMES, readSky } from './sky-text.ts';

export const thumbnail: ThumbnailOf = ({ sky: payload }) => {
  const sky = readSky(payload);
  const dots = sky?.arms.find(({ id }) => id === 'soft')?.frames.at(-1)?.dots;
  if (!sky || !dots) return null;
  return {
    kind: 'simplex',
    label: 'Answers of the student between pullover, coat and shirt',
    picture: { shares: dots, goals: sky.stars, corners: CORNER_NAMES, group: sky.labels },
  };
};
