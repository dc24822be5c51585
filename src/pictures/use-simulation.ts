// Runs a simulation in slices between frames, so that a moved knob is answered in the same frame and dots follow draw by draw.
import { useEffect, useState } from 'react';

/** Time for simulating in each frame. */
const SLICE_MS = 7;

/**
 * The newest state of the simulation that `key` names; null before its first turn. Another key starts another one.
 * @param key null: nothing to do yet
 */
export function useSimulation<T>(key: string | null, start: () => Generator<T>): T | null {
  const [state, setState] = useState<{ key: string; value: T } | null>(null);
  useEffect(() => {
    if (key === null) return;
    const turns = start();
    let handle = requestAnimationFrame(function slice() {
      const end = performance.now() + SLICE_MS;
      let value: T | undefined;
      let isDone = false;
      do {
        const turn = turns.next();
        if (turn.done) isDone = true;
        else value = turn.value;
      } while (!isDone && performance.now() < end);
      if (value !== undefined) setState({ key, value });
      if (!isDone) handle = requestAnimationFrame(slice);
    });
    return () => cancelAnimationFrame(handle);
    // the key names everything that `start` reads
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  return state && state.key === key ? state.value : null;
}
