// The payloads that the fixed views draw: plain JSON in recordings, typed arrays while a run is live. Types only.

/** A row of numbers: typed while live, plain after JSON. */
export type Numbers = ArrayLike<number>;

/** Points in the plane, tinted by group. */
export interface ScatterPicture {
  x: Numbers;
  y: Numbers;
  /** Index into `groups` per point. */
  group?: Numbers;
  groups?: string[];
  /** Arm per group: the chart then has axes and the arms' colours. */
  arms?: string[];
  /** Shown when a point is hovered or focused. */
  labels?: string[];
  xLabel?: string;
  yLabel?: string;
  /** One unit is as long on both axes. */
  square?: boolean;
}

/** A grid of numbers, row-major: `heatmap` as colour, `matrix` as colour with the number in each cell. */
export interface GridPicture {
  rows: number;
  cols: number;
  /** `rows * cols` values; NaN or null for an empty cell. */
  values: ArrayLike<number | null>;
  rowLabels?: string[];
  colLabels?: string[];
  xLabel?: string;
  yLabel?: string;
  /** Ends of the colour scale; the data's own unless told. */
  min?: number;
  max?: number;
  /** Two hues around zero instead of one ramp. */
  signed?: boolean;
  digits?: number;
  unit?: string;
}

/** Small images side by side. */
export interface ImagesPicture {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  /** [image, y, x, channel], 0..1. */
  values: Numbers;
  captions?: string[];
  /** Images in a row; as many as fit unless told. */
  columns?: number;
}

export interface TablePicture {
  columns: { label: string; digits?: number; percent?: boolean }[];
  rows: (string | number | null)[][];
  /** Arm id per row, to tint its marker. */
  arms?: (string | null)[];
}
