// The gallery's picture: the near half of the globe trained at the temperature in the middle of the dial.
import type { ThumbnailOf } from '../../pictures/thumbnail.ts';
import { readGlobe } from './globe.ts';

export const thumbnail: ThumbnailOf = ({ globe: payload }) => {
  const globe = readGlobe(payload);
  if (!globe) return null;
  const z = globe.positions[Math.floor(globe.taus.length / 2)];
  const near = Array.from({ length: globe.points }, (_, i) => i).filter((i) => z[3 * i + 2] > 0);
  return {
    kind: 'scatter',
    label: `${globe.points} ${globe.things} on a sphere, by class`,
    picture: {
      x: near.map((i) => z[3 * i]),
      y: near.map((i) => z[3 * i + 1]),
      group: near.map((i) => globe.labels[i]),
      square: true,
      xRange: [-1, 1],
      yRange: [-1, 1],
    },
  };
};
