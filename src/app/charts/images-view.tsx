// Small images side by side, each with its caption.
import { useEffect, useRef, type CSSProperties } from 'react';
import type { ImagesPicture } from '../../pictures/payloads.ts';
import type { TableData } from './export.ts';

const sizeOf = (picture: ImagesPicture): number => picture.width * picture.height * picture.channels;
const countOf = (picture: ImagesPicture): number => picture.values.length / sizeOf(picture);

export function Images({ picture, title }: { picture: ImagesPicture; title: string }) {
  return (
    <ul
      className="images"
      aria-label={title}
      style={
        picture.columns
          ? ({ gridTemplateColumns: `repeat(${picture.columns}, minmax(0, 1fr))` } as CSSProperties)
          : undefined
      }
    >
      {Array.from({ length: countOf(picture) }, (_, i) => (
        <li key={i}>
          <Tile picture={picture} index={i} label={picture.captions?.[i] ?? `image ${i + 1}`} />
          {picture.captions?.[i] && <span className="tiny">{picture.captions[i]}</span>}
        </li>
      ))}
    </ul>
  );
}

function Tile({ picture, index, label }: { picture: ImagesPicture; index: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) context.putImageData(pixels(picture, index, context), 0, 0);
  }, [picture, index]);
  return <canvas ref={canvas} width={picture.width} height={picture.height} role="img" aria-label={label} />;
}

function pixels(
  { width, height, channels, values }: ImagesPicture,
  index: number,
  context: CanvasRenderingContext2D,
): ImageData {
  const image = context.createImageData(width, height);
  const start = index * width * height * channels;
  for (let p = 0; p < width * height; p++) {
    const at = start + p * channels;
    for (let k = 0; k < 3; k++) image.data[4 * p + k] = 255 * values[channels === 1 ? at : at + k];
    image.data[4 * p + 3] = channels === 4 ? 255 * values[at + 3] : 255;
  }
  return image;
}

/** Mean brightness per image: the numbers behind a picture that a table can hold. */
export function imagesTable(picture: ImagesPicture): TableData {
  const size = sizeOf(picture);
  return {
    head: ['image', 'caption', 'mean value'],
    rows: Array.from({ length: countOf(picture) }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += picture.values[i * size + k];
      return [i + 1, picture.captions?.[i] ?? null, sum / size];
    }),
  };
}
