// Small images side by side, each with its caption; a wall of them can be chosen from.
import { useLayoutEffect, useRef, type CSSProperties } from 'react';
import type { TableData } from './data-table.tsx';
import { imageCount, imagePixels, imageSize } from './image-pixels.ts';
import type { ImagesPicture } from './payloads.ts';
import './pictures.css';

export interface ImageWallProps {
  picture: ImagesPicture;
  /** Name of the list. */
  title: string;
  /** The image in hand. */
  chosen?: number | null;
  /** Makes buttons of the images. */
  choose?(index: number | null): void;
  /** Pointer or focus on an image; null when it leaves. */
  point?(index: number | null): void;
}

export function ImageWall({ picture, title, chosen = null, choose, point }: ImageWallProps) {
  const { columns, captions, groups, group } = picture;
  const columnStyle: CSSProperties = { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` };
  return (
    <ul className="images" aria-label={title} style={columns ? columnStyle : undefined}>
      {Array.from({ length: imageCount(picture) }, (_, i) => {
        const words = [captions?.[i], groups?.[group?.[i] ?? -1]].filter(Boolean).join(', ') || `image ${i + 1}`;
        const tile = <Tile picture={picture} index={i} label={words} />;
        return (
          <li key={i}>
            {choose ? (
              <button
                type="button"
                aria-pressed={chosen === i}
                onClick={() => choose(chosen === i ? null : i)}
                onPointerEnter={() => point?.(i)}
                onPointerLeave={() => point?.(null)}
                onFocus={() => point?.(i)}
                onBlur={() => point?.(null)}
              >
                {tile}
              </button>
            ) : (
              tile
            )}
            {captions?.[i] && <span className="tiny">{captions[i]}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function Tile({ picture, index, label }: { picture: ImagesPicture; index: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = picture;
  useLayoutEffect(() => {
    const pen = canvas.current?.getContext('2d');
    pen?.putImageData(new ImageData(imagePixels(picture, index), width, height), 0, 0);
  }, [picture, index, width, height]);
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />;
}

/** Mean brightness per image: the numbers behind a picture that a table can hold. */
export function imagesTable(picture: ImagesPicture): TableData {
  const size = imageSize(picture);
  const { groups, group } = picture;
  return {
    head: ['image', 'caption', ...(groups ? ['group'] : []), 'mean value'],
    rows: Array.from({ length: imageCount(picture) }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += picture.values[i * size + k];
      const named = groups ? [groups[group?.[i] ?? -1] ?? null] : [];
      return [i + 1, picture.captions?.[i] ?? null, ...named, sum / size];
    }),
  };
}
