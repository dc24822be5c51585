// What a custom picture (View.tsx) receives, and the payloads that the fixed views draw. Types only.
import type { KnobValue, Knobs, LabMeta } from './meta.ts';
import type { ArmResult, RunResult } from './result.ts';
import type { ArmStyle, Theme } from '../../../pictures/arm-colors.ts';

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
