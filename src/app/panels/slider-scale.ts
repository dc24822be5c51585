// Slider positions: whole numbers 0..n that stand for a control's values, evenly for linear scales and by ratio for logarithmic ones.
import type { NumberControl } from '../../labs/_kit/contract/meta.ts';
import { fitNumber } from '../../labs/_kit/contract/knobs.ts';

const LOG_POSITIONS = 200;

/** The last position. */
export const positions = (control: NumberControl): number =>
  control.scale === 'log' ? LOG_POSITIONS : Math.max(1, Math.round((control.max - control.min) / control.step));

/** The value at a position: ends exact, steps without rounding dust, three significant digits on a logarithmic scale. */
export function valueAt(control: NumberControl, position: number): number {
  const { min, max, step } = control;
  const last = positions(control);
  if (position <= 0) return min;
  if (position >= last) return max;
  const raw =
    control.scale === 'log'
      ? Number((min * (max / min) ** (position / last)).toPrecision(3))
      : Number((min + position * step).toFixed(decimals(step) + decimals(min)));
  return fitNumber(control, raw);
}

/** The position nearest to a value. */
export function positionOf(control: NumberControl, value: number): number {
  const { min, max } = control;
  const last = positions(control);
  const fitted = fitNumber(control, value);
  const share = control.scale === 'log' ? Math.log(fitted / min) / Math.log(max / min) : (fitted - min) / (max - min);
  return Math.round(share * last);
}

const decimals = (value: number): number => {
  const [digits, exponent = '0'] = String(value).split('e');
  return Math.min(12, Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent)));
};
