// The gallery's picture: the octant with the regions of the optimal activation.
import type { DecisionPicture } from '../../pictures/payloads.ts';
import type { ThumbnailOf } from '../../pictures/thumbnail.ts';

export const thumbnail: ThumbnailOf = ({ octant }) =>
  octant
    ? { kind: 'decision', label: 'Regions of a deep network on the octant', picture: octant as DecisionPicture }
    : null;
