// Sizes that both the graphs and the picture need.

/** Pixels a side of the pooled images. */
export const SIDE = 14;
export const CLASSES = 10;
