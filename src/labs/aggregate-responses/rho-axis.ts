// An axis for rho that is logarithmic but has a place for 0.
import type { Axis } from '../../pictures/figure.tsx';

/** Where the slider stops: like a logarithm, with 0. */
export const RHO_STOPS: readonly number[] = [
  0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1,
];
/** The stop nearest a value, on the axis. */
export const stopOf = (rho: number): number =>
  RHO_STOPS.reduce(
    (best, stop, i) =>
      Math.abs(placeOf(stop) - placeOf(rho)) < Math.abs(placeOf(RHO_STOPS[best]) - placeOf(rho)) ? i : best,
    0,
  );

const LEAST = 0.001;
const GAP = 0.45;
/** 0 at rho = 0, then a gap, then the decades from 0.001 to 1. */
export const placeOf = (rho: number): number => (rho < LEAST ? 0 : GAP + Math.log10(rho / LEAST));
export const rhoAt = (place: number): number =>
  place < GAP / 2 ? 0 : Math.min(1, LEAST * 10 ** Math.max(0, place - GAP));

const TICKS = [0, 0.001, 0.01, 0.1, 1];
export const rhoAxis = (): Axis => ({
  from: -0.12,
  to: placeOf(1) + 0.06,
  ticks: TICKS.map(placeOf),
  label: 'weight ρ',
  format: (place) => String(TICKS.find((t) => placeOf(t) === place) ?? ''),
});
