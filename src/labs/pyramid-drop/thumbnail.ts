// The gallery's picture: the redundancy map, deep cuts at the top.
import type { ThumbnailOf } from '../../pictures/thumbnail.ts';
import type { GridPicture } from '../../pictures/payloads.ts';
import { readGrid } from '../../pictures/read-payload.ts';

/** Row 0 at the bottom, as in the lab. */
function upward(grid: GridPicture): GridPicture {
  const { rows, cols, values } = grid;
  const flipped = Array.from({ length: rows }, (_, row) =>
    Array.from(values).slice((rows - 1 - row) * cols, (rows - row) * cols),
  );
  return { ...grid, values: flipped.flat(), min: undefined };
}

export const thumbnail: ThumbnailOf = ({ redundancy }) =>
  redundancy === undefined
    ? null
    : {
        kind: 'heatmap',
        label: 'Accuracy by depth of the cut and share of image tokens kept',
        picture: upward(readGrid(redundancy)),
      };
