// The one mark for what a run or a check found: a shape and always words.
import type { Verdict } from '../../labs/_kit/contract/result.ts';
import { Icon, type IconName } from './icon.tsx';

const MARKS: Record<Verdict, { icon: IconName; here: string; short: string }> = {
  reproduced: { icon: 'pass', here: 'reproduced here', short: 'reproduced' },
  'not-reproduced': { icon: 'fail', here: 'not reproduced here', short: 'not reproduced' },
  undecided: { icon: 'unsure', here: 'undecided', short: 'undecided' },
};
export const CHECK_WORDS: Record<Verdict, string> = {
  reproduced: 'pass',
  'not-reproduced': 'fail',
  undecided: 'undecided',
};

const seedsText = (seeds: number): string => `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`;

/** Verdict of the visitor's run. */
export const VerdictMark = ({ verdict }: { verdict: Verdict }) => (
  <span className="verdict" data-verdict={verdict}>
    <Icon name={MARKS[verdict].icon} />
    {MARKS[verdict].here}
  </span>
);

/** Verdict of the recorded run, before the visitor has made one. */
export const RecordedMark = ({ verdict, seeds }: { verdict: Verdict; seeds: number }) => (
  <span className="verdict" data-verdict={verdict}>
    <Icon name={MARKS[verdict].icon} />
    recorded: {MARKS[verdict].short} ({seedsText(seeds)})
  </span>
);

/** One check of a verdict. */
export const CheckMark = ({ verdict }: { verdict: Verdict }) => (
  <span className="verdict" data-verdict={verdict}>
    <Icon name={MARKS[verdict].icon} />
    {CHECK_WORDS[verdict]}
  </span>
);
