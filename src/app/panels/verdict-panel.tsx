// The verdict with its checks: the visitor's as soon as there is one, else the recorded run's.
import { intervalText, standingText } from '../../labs/_kit/claims/words.ts';
import type { ClaimResult } from '../../labs/_kit/contract/result.ts';
import { formatShort } from '../../util/number-text.ts';
import { IntervalMark } from '../parts/interval-mark.tsx';
import { CheckMark, RecordedMark, VerdictMark } from '../parts/verdict-mark.tsx';
import { isActive } from '../store/run-machine.ts';
import { isLive, useLab } from '../store/use-lab.ts';
import { marginOf } from './margin.ts';

/** Whose verdict is on show. */
export function useVerdict() {
  const live = useLab(isLive);
  const claims = useLab((state) => state.claims);
  const recorded = useLab((state) => state.recorded);
  const result = useLab((state) => state.result);
  if (live && claims) return { ...claims, source: 'own' as const, seeds: result?.seeds.length ?? 0 };
  if (!live && recorded)
    return {
      claims: recorded.claims,
      verdict: recorded.verdict,
      provisional: false,
      shortfall: recorded.shortfall ?? null,
      source: 'recorded' as const,
      seeds: recorded.seeds.length,
    };
  return null;
}

export function VerdictLine() {
  const shown = useVerdict();
  const phase = useLab((state) => state.phase);
  if (!shown)
    return (
      <span className="verdict" data-verdict="none">
        {isActive(phase)
          ? 'the verdict comes with the numbers'
          : phase === 'idle'
            ? 'no verdict yet: run it'
            : 'no verdict: the run did not finish'}
      </span>
    );
  if (shown.source === 'recorded') return <RecordedMark verdict={shown.verdict} seeds={shown.seeds} />;
  return shown.provisional ? (
    <span className="verdict" data-verdict="none">
      {isActive(phase) ? 'still running' : 'no verdict: the run did not finish'}
    </span>
  ) : (
    <VerdictMark verdict={shown.verdict} />
  );
}

export function VerdictPanel() {
  const question = useLab((state) => state.meta.question);
  return (
    <section className="panel" aria-labelledby="verdict-title">
      <h2 id="verdict-title" className="panel-title">
        Verdict
      </h2>
      <p className="verdict-question serif">{question}</p>
      <p className="verdict-line">
        <VerdictLine />
      </p>
      <Checks />
    </section>
  );
}

export function Checks() {
  const shown = useVerdict();
  const recorded = useLab((state) => state.recorded);
  if (!shown) return null;
  const before = (id: string) =>
    shown.source === 'own' ? recorded?.claims.find((known) => known.id === id) : undefined;
  return (
    <>
      {shown.shortfall && (
        <p className="small check-shortfall">This run does not decide the checks: {shown.shortfall}.</p>
      )}
      <ul className="check-list">
        {shown.claims.map((claim) => (
          <Check
            key={claim.id}
            claim={claim}
            recorded={before(claim.id)}
            standing={shown.provisional ? '' : standingText(claim, before(claim.id), shown.shortfall === null)}
          />
        ))}
      </ul>
    </>
  );
}

interface CheckProps {
  claim: ClaimResult;
  recorded?: ClaimResult;
  /** What an open check tells, and how it compares with the recording. */
  standing: string;
}
function Check({ claim, recorded, standing }: CheckProps) {
  const interval = intervalText(claim, formatShort);
  const margin = interval === null ? marginOf(claim) : null;
  return (
    <li data-verdict={claim.verdict}>
      <p className="check-head">
        <CheckMark verdict={claim.verdict} />
        {!claim.required && <span className="tiny quiet">reported only</span>}
      </p>
      <p className="small">{claim.text}</p>
      <IntervalMark claim={claim} recorded={recorded} />
      <p className="check-numbers num tiny">
        <span>
          measured <strong>{claim.measured === null ? '–' : formatShort(claim.measured)}</strong>
        </span>
        {interval !== null && <span>interval {interval}</span>}
        <span>asked {claim.threshold}</span>
        {margin !== null && (
          <span>
            margin {margin >= 0 ? '+' : ''}
            {formatShort(margin)}
          </span>
        )}
        {recorded && recorded.measured !== null && <span>recorded {formatShort(recorded.measured)}</span>}
      </p>
      {standing && <p className="tiny check-standing">{sentence(standing)}</p>}
      {claim.note && <p className="tiny quiet">{claim.note}</p>}
    </li>
  );
}

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`;
