// A photo -> the tiles that SmolVLM's vision encoder reads. In the worker, on a canvas of its own.
import { ModelFileError } from '../onnx/rewrite/errors.ts';
import { TILE, tilingOf, type Tiling } from './smol-prompt.ts';

export interface Tiles {
  tiling: Tiling;
  width: number;
  height: number;
  /** [3, 512, 512] in -1..1 each: row by row, the whole picture last. */ pixels: Float32Array[];
}

/** RGBA rows -> planes, each value (v / 255 - 0.5) / 0.5. */
export function planes(rgba: ArrayLike<number>, out = new Float32Array((rgba.length / 4) * 3)): Float32Array {
  const n = rgba.length / 4;
  for (let i = 0; i < n; i++) for (let c = 0; c < 3; c++) out[c * n + i] = rgba[4 * i + c] / 127.5 - 1;
  return out;
}

/** @param split false: the picture as one tile. @throws ModelFileError when the browser cannot read the file */
export async function tilesOf(photo: Blob, split: boolean): Promise<Tiles> {
  const bitmap = await createImageBitmap(photo).catch(() => {
    throw new ModelFileError(
      'photo: expected a picture that this browser can read (PNG, JPEG, WebP, GIF); got another file. Choose another',
    );
  });
  try {
    const { width, height } = bitmap;
    const tiling = split ? tilingOf(width, height) : { rows: 0, columns: 0 };
    const pixels: Float32Array[] = [];
    const canvas = new OffscreenCanvas(TILE, TILE);
    const pen = canvas.getContext('2d', { willReadFrequently: true })!;
    pen.imageSmoothingQuality = 'high';
    const take = (x: number, y: number, w: number, h: number) => {
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, TILE, TILE); // what is transparent becomes paper
      pen.drawImage(bitmap, x, y, w, h, 0, 0, TILE, TILE);
      pixels.push(planes(pen.getImageData(0, 0, TILE, TILE).data));
    };
    const w = width / tiling.columns;
    const h = height / tiling.rows;
    for (let r = 0; r < tiling.rows; r++) for (let c = 0; c < tiling.columns; c++) take(c * w, r * h, w, h);
    take(0, 0, width, height);
    return { tiling, width, height, pixels };
  } finally {
    bitmap.close();
  }
}
