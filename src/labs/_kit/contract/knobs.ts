// Knob values: defaults, and bringing any number into a control's range. The page, links and tools share these.
import type { Control, Knobs, KnobValue, LabMeta, NumberControl } from './meta.ts';

/** Defaults of a lab, or of an earlier version of it where `meta.frozen` keeps them. */
export function defaultKnobs(meta: Pick<LabMeta, 'version' | 'frozen' | 'controls'>, version = meta.version): Knobs {
  const old = version === meta.version ? {} : (meta.frozen?.[version] ?? {});
  return Object.fromEntries(
    Object.entries(meta.controls).map(([name, control]) => [
      name,
      Object.hasOwn(old, name) ? fitKnob(control, old[name]) : control.default,
    ]),
  );
}

/** The nearest value that the control can take; its default for a value of another type. */
export function fitKnob(control: Control, value: KnobValue): KnobValue {
  switch (control.kind) {
    case 'number':
      return typeof value === 'number' ? fitNumber(control, value) : control.default;
    case 'choice':
      return control.options.some((option) => option.value === value) ? value : control.default;
    case 'toggle':
      return typeof value === 'boolean' ? value : control.default;
  }
}

/** Within [min, max], whole where the control is; the default for NaN. Never gives -0. */
export function fitNumber(control: NumberControl, value: number): number {
  if (Number.isNaN(value)) return control.default;
  const whole = control.integer ? Math.round(value) : value;
  return Math.min(control.max, Math.max(control.min, whole)) + 0;
}

/** What a control can be set to, in words. */
export const rangeOf = (control: Control): string =>
  control.kind === 'number'
    ? `${control.min} to ${control.max}${control.integer ? ', whole numbers' : ''}`
    : 'its options';
