// What a custom picture (View.tsx) receives, and the payloads that the fixed views draw. Types only.
import type { ArmResult, KnobValue, Knobs, LabMeta, RunResult } from './contract.ts';
import type { ArmStyle, Theme } from './arm-colors.ts';

/** Props of a lab's own picture. The page frames it: border, 16 px of padding, at least 420 px high, and below it the meta's
 * caption with a badge that says whether the recorded or the visitor's run is on show. Usage: `export default function View(props: ViewProps)`. */
export interface ViewProps {
  meta: LabMeta;
  /** Newest payload by picture id: of the visitor's run where it has sent one, else of the recording. */
  pictures: Record<string, unknown>;
  /** False while every payload in `pictures` still comes from the recording. */
  live: boolean;
  /** Arms with their series and final values: the visitor's run where there is one, else the recording. */
  arms: ArmResult[];
  /** Colour, dash and marker of every arm, by arm id. */
  armStyles: Record<string, ArmStyle>;
  recorded: RunResult | null;
  knobs: Knobs;
  /** `settled` false while a drag lasts, so that history is not flooded; true (default) on release. */
  setKnob(name: string, value: KnobValue, settled?: boolean): void;
  running: boolean;
  /** The arm under the pointer or focus anywhere on the page. */
  hoveredArm: string | null;
  hoverArm(id: string | null): void;
  /** Calls `queries[name]` of the lab in the worker (loads the engine at the first call).
   * @throws Error with a message for visitors. */
  query(name: string, payload: unknown): Promise<unknown>;
  theme: Theme;
  /** The visitor asked for less motion: jump instead of gliding. */
  reducedMotion: boolean;
  /** Presenter mode: draw large, with thick lines and big type. */
  large: boolean;
}

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
