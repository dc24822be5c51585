// One small picture on a canvas, drawn as bytes and enlarged without smoothing.
import { useEffect, useRef } from 'react';

/** Red, green, blue, alpha of a square picture, `size` pixels a side. */
export interface Picture {
  size: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Grey values in 0..1, [size, size]. */
export function greyPicture(values: Float32Array, size: number): Picture {
  const rgba = new Uint8ClampedArray(4 * size * size);
  values.forEach((value, k) => rgba.set([value * 255, value * 255, value * 255, 255], 4 * k));
  return { size, rgba };
}

/** Bytes [4, size, size]. */
export function planesPicture(planes: Uint8Array, size: number): Picture {
  const area = size * size;
  const rgba = new Uint8ClampedArray(4 * area);
  for (let c = 0; c < 4; c++) for (let k = 0; k < area; k++) rgba[4 * k + c] = planes[c * area + k];
  return { size, rgba };
}

/** Without a label the picture is decoration beside words that name it. */
export function Sprite({ picture, label }: { picture: Picture; label?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(picture.rgba, picture.size, picture.size), 0, 0);
  }, [picture]);
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return <canvas ref={canvas} className="sprite" width={picture.size} height={picture.size} {...named} />;
}
