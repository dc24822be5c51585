// Moves what is shown smoothly from its last state to the newest one.
import { useEffect, useRef, useState } from 'react';

export interface Glide<T> {
  /** The state a share `s` of the way, 0..1, eased. */
  mix(from: T, to: T, s: number): T;
  /** Whether a way between the two exists; without one the new state is shown at once. */
  fits(from: T, to: T): boolean;
  /** Jump instead: the visitor asked for less motion. */
  isStill: boolean;
  ms?: number;
}

/** Slow at both ends, for t in 0..1. */
export const ease = (t: number): number => t * t * (3 - 2 * t);
/** The number a share `s` of the way. */
export const lerp = (from: number, to: number, s: number): number => from + s * (to - from);

/** `target` on its way; a new target starts from what is on show. */
export function useGlide<T>(target: T, { mix, fits, isStill, ms = 450 }: Glide<T>): T {
  const [shown, setShown] = useState(target);
  const now = useRef(target);
  const way = useRef({ mix, fits });
  way.current = { mix, fits };
  useEffect(() => {
    const from = now.current;
    const place = (state: T) => {
      now.current = state;
      setShown(() => state);
    };
    if (isStill || from === target || document.hidden || !way.current.fits(from, target)) {
      place(target);
      return;
    }
    const start = performance.now();
    let handle = requestAnimationFrame(function move(t) {
      const u = Math.min(1, Math.max(0, (t - start) / ms));
      place(u < 1 ? way.current.mix(from, target, ease(u)) : target);
      if (u < 1) handle = requestAnimationFrame(move);
    });
    return () => cancelAnimationFrame(handle);
  }, [target, isStill, ms]);
  return shown;
}
