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
  /** Ends that the axes must reach; the data's own unless told. */
  xRange?: [number, number];
  yRange?: [number, number];
  /** Earlier places of every point, [point, step], oldest first: drawn as the way it came. */
  trail?: { steps: number; x: Numbers; y: Numbers };
  /** One image per point, drawn instead of a mark. */
  images?: ImagesPicture;
}

/** A grid of numbers, row-major: `heatmap` as colour, `matrix` as colour with the number in each cell. */
export interface GridPicture {
  rows: number;
  cols: number;
  /** `rows * cols` values; NaN or null for an empty cell. */
  values: ArrayLike<number | null>;
  /** `rows * cols` numbers, 1 where a cell does not count: hatched, as the diagonal of a batch or a pair that is no negative. */
  mask?: Numbers;
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
  /** Cells are squares: for similarities and confusions. */
  square?: boolean;
}

/** Small images side by side. */
export interface ImagesPicture {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  /** [image, y, x, channel], 0..1. */
  values: Numbers;
  captions?: string[];
  /** Index into `groups` per image. */
  group?: Numbers;
  groups?: string[];
  /** Images in a row; as many as fit unless told. */
  columns?: number;
}

export interface TablePicture {
  columns: { label: string; digits?: number; percent?: boolean }[];
  rows: (string | number | null)[][];
  /** Arm id per row, to tint its marker. */
  arms?: (string | null)[];
}

/** Nodes and edges. Without `x` and `y` the page lays them out by forces, the same way every time. */
export interface GraphPicture {
  nodes: number;
  /** Ends of every edge, [edge, 2]. */
  edges: Numbers;
  /** 0..1 per edge: how strongly it is drawn. */
  weight?: Numbers;
  /** Edges have a direction. */
  directed?: boolean;
  x?: Numbers;
  y?: Numbers;
  /** Index into `groups` per node. */
  group?: Numbers;
  groups?: string[];
  labels?: string[];
}

/** Shares of three that sum to one, as points of a triangle. */
export interface SimplexPicture {
  /** [point, 3]; each row is divided by its sum. */
  shares: Numbers;
  /** [point, 3]: where each point should be; drawn as a star with a line to its point. */
  goals?: Numbers;
  corners: [string, string, string];
  group?: Numbers;
  groups?: string[];
  labels?: string[];
}

/** What a model says over a plane, with the points that it learnt from. */
export interface DecisionPicture {
  /** The field, row-major from the top left: class per cell. */
  rows: number;
  cols: number;
  classes: Numbers;
  /** How sure per cell, 0..1; fully sure unless told. */
  sure?: Numbers;
  /** Ends of the axes. */
  x: [number, number];
  y: [number, number];
  points?: Pick<ScatterPicture, 'x' | 'y' | 'group' | 'labels'>;
  groups: string[];
  xLabel?: string;
  yLabel?: string;
}

/** One picture at several moments; the page plays them. Any payload of a fixed view may come so. */
export interface FramedPicture<P> {
  frames: { step: number; picture: P }[];
  /** What a frame counts; "step" unless told. */
  unit?: string;
}
