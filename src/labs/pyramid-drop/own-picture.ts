// A visitor's file -> the 48 x 48 picture that the model sees: the middle square, scaled.
import { SIDE } from './example.ts';

const MAX_BYTES = 60_000_000;

/** @throws Error with a message for the visitor when the file is no picture that the browser can read */
export async function readPicture(file: File): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > MAX_BYTES)
    throw new Error(
      `"${file.name}" has ${Math.round(file.size / 1e6)} MB. Choose a picture below ${MAX_BYTES / 1e6} MB.`,
    );
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(
      `"${file.name}" is not a picture that this browser can read. Choose a PNG, JPEG, WebP or GIF file.`,
    );
  });
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  const side = Math.min(bitmap.width, bitmap.height);
  canvas.width = canvas.height = SIDE;
  pen.fillStyle = '#404040';
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  bitmap.close();
  const { data } = pen.getImageData(0, 0, SIDE, SIDE);
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]);
}
