// Where the points of a plane lie on its canvas.
import type { ScatterPicture } from './payloads.ts';
import { scaleOf, type Scale } from './scale.ts';

const PAD = 10;

export interface PlaneScales {
  x: Scale;
  y: Scale;
}

/** Scales over the points and their trails; null without any. */
export function planeScales({ x, y, trail, xRange, yRange }: ScatterPicture): PlaneScales | null {
  const across = scaleOf([...Array.from(x), ...Array.from(trail?.x ?? []), ...(xRange ?? [])]);
  const up = scaleOf([...Array.from(y), ...Array.from(trail?.y ?? []), ...(yRange ?? [])]);
  return across && up && { x: across, y: up };
}

const span = ({ domain }: Scale): number => domain[1] - domain[0];

/** Data to CSS pixels, y upwards in the data; `isSquare`: one unit is as long on both axes, and the plane is centred. */
export function placeIn({ x, y }: PlaneScales, width: number, height: number, isSquare = false) {
  const most = { width: width - 2 * PAD, height: height - 2 * PAD };
  const unit = Math.min(most.width / span(x), most.height / span(y));
  const wide = isSquare ? unit * span(x) : most.width;
  const high = isSquare ? unit * span(y) : most.height;
  return (dx: number, dy: number): [number, number] => [
    (width - wide) / 2 + x.at(dx) * wide,
    (height + high) / 2 - y.at(dy) * high,
  ];
}
