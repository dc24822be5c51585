// A check as a picture: its interval against its margin, with the side that was asked for shaded; behind it the recording's.
import type { ClaimResult } from '../../labs/_kit/contract/result.ts';
import { intervalWords } from '../../labs/_kit/claims/words.ts';
import { intervalPlot } from '../charts/interval-plot.ts';
import { formatShort } from '../../util/number-text.ts';

const WIDTH = 240;
const HEIGHT = 24;
const MIDDLE = HEIGHT / 2;

export function IntervalMark({ claim, recorded }: { claim: ClaimResult; recorded?: ClaimResult }) {
  const plot = intervalPlot(claim, recorded);
  if (!plot) return null;
  const x = (share: number) => Math.round(share * WIDTH * 10) / 10;
  const margin = x(plot.margin);
  const { low, high, other } = plot;
  return (
    <svg
      className="interval"
      data-verdict={claim.verdict}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={intervalWords(claim, formatShort)}
    >
      <rect
        className="interval-side"
        x={plot.isPassRight ? margin : 0}
        y={0}
        width={plot.isPassRight ? WIDTH - margin : margin}
        height={HEIGHT}
      />
      <line className="interval-margin" x1={margin} x2={margin} y1={0} y2={HEIGHT} />
      {other && (
        <rect
          className="interval-recorded"
          x={x(other.low)}
          y={MIDDLE - 6}
          width={Math.max(1, x(other.high) - x(other.low))}
          height={12}
        />
      )}
      {low !== null && high !== null && (
        <path
          className="interval-reach"
          d={`M${x(low)} ${MIDDLE}H${x(high)}M${x(low)} ${MIDDLE - 4}v8M${x(high)} ${MIDDLE - 4}v8`}
        />
      )}
      <circle className="interval-dot" cx={x(plot.measured)} cy={MIDDLE} r={4} />
    </svg>
  );
}
