// What stands where a chart has no numbers yet.
import { isActive } from '../store/run-machine.ts';
import { isLive, useLab } from '../store/use-lab.ts';

export const Empty = () => (
  <>
    {useLab((state) =>
      !isLive(state)
        ? 'Press Run: the numbers appear here as they come.'
        : isActive(state.phase)
          ? 'The first points are on their way.'
          : 'This run gave no numbers for this chart.',
    )}
  </>
);
