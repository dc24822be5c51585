// The pixels of small images, as canvases take them.
import type { ImagesPicture } from './payloads.ts';

type Shape = Pick<ImagesPicture, 'width' | 'height' | 'channels' | 'values'>;

/** Values of one image. */
export const imageSize = ({ width, height, channels }: Shape): number => width * height * channels;
export const imageCount = (picture: Shape): number => Math.floor(picture.values.length / imageSize(picture));

/** Image `index` as RGBA bytes, [y, x, 4]; grey ones in all three colours. */
export function imagePixels(picture: Shape, index: number): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, channels, values } = picture;
  const out = new Uint8ClampedArray(width * height * 4);
  const start = index * imageSize(picture);
  for (let p = 0; p < width * height; p++) {
    const at = start + p * channels;
    for (let k = 0; k < 3; k++) out[4 * p + k] = 255 * values[channels === 1 ? at : at + k];
    out[4 * p + 3] = channels === 4 ? 255 * values[at + 3] : 255;
  }
  return out;
}

/** All images on one canvas, side by side in rows of `columns`. */
export interface Atlas {
  canvas: HTMLCanvasElement;
  columns: number;
}

export function imageAtlas(picture: Shape): Atlas {
  const count = imageCount(picture);
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const canvas = document.createElement('canvas');
  canvas.width = columns * picture.width;
  canvas.height = Math.max(1, Math.ceil(count / columns)) * picture.height;
  const pen = canvas.getContext('2d');
  for (let i = 0; i < count && pen; i++) {
    const image = new ImageData(imagePixels(picture, i), picture.width, picture.height);
    pen.putImageData(image, (i % columns) * picture.width, Math.floor(i / columns) * picture.height);
  }
  return { canvas, columns };
}
