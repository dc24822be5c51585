// What stands where a chart has no numbers yet.
import { isLive, useLab } from '../store/use-lab.ts';

export const Empty = () => <>{useLab(isLive) ? 'The first points are on their way.' : 'Press Run: the numbers appear here as they come.'}</>;
