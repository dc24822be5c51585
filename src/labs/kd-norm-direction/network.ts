// Sizes of the images and of what teacher and students are compared in.
export const SIDE = 28;
export const CLASSES = 10;
/** Dimension of the space in which teacher and students are compared. */
export const FEATURE = 64;
