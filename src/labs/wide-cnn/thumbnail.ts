// The gallery's picture: ranked eigenvalues of the deep CNN, tinted by the part of the tree they belong to.
import type { ScatterPicture } from '../../pictures/payloads.ts';
import type { ThumbnailOf } from '../../pictures/thumbnail.ts';

export const thumbnail: ThumbnailOf = ({ spectrum }) =>
  spectrum
    ? { kind: 'scatter', label: 'Eigenvalues of a deep convolutional kernel', picture: spectrum as ScatterPicture }
    : null;
