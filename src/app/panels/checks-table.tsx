// The checks behind a verdict: what was measured, what was asked, and how sure that is.
import { intervalText } from '../../labs/_kit/claims/words.ts';
import type { ClaimResult } from '../../labs/_kit/contract/result.ts';
import { formatShort } from '../../util/number-text.ts';
import { IntervalMark } from '../parts/interval-mark.tsx';
import { CheckMark } from '../parts/verdict-mark.tsx';
import { marginOf } from './margin.ts';

const marginText = (margin: number | null): string =>
  margin === null ? '–' : `${margin >= 0 ? '+' : ''}${formatShort(margin)}`;

/** The interval where the run has one, else by how much the check holds. */
const Sureness = ({ claim }: { claim: ClaimResult }) =>
  claim.margin ? (
    <>
      <IntervalMark claim={claim} />
      <span className="interval-text">
        {intervalText(claim, formatShort) ?? (claim.verdict === 'undecided' ? '–' : 'exact')}
      </span>
    </>
  ) : (
    `margin ${marginText(marginOf(claim))}`
  );

const COLUMNS = ['Check', 'Measured', 'Asked', 'Interval', 'Result'];

// The roles are spelled out because phones lay the rows out as blocks, which drops the roles that tables have by themselves.
export const ChecksTable = ({ claims, caption }: { claims: ClaimResult[]; caption: string }) => (
  <div className="scroll-x">
    <table className="checks" role="table">
      <caption className="hidden-text">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((name) => (
            <th key={name} scope="col" role="columnheader">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {claims.map((claim) => (
          <tr key={claim.id} role="row">
            <th scope="row" role="rowheader">
              {claim.text}
              {!claim.required && <span className="quiet"> (reported, not part of the verdict)</span>}
              {claim.note && <p className="tiny quiet">{claim.note}</p>}
            </th>
            <td role="cell">{claim.measured === null ? '–' : formatShort(claim.measured)}</td>
            <td role="cell">{claim.threshold}</td>
            <td role="cell">
              <Sureness claim={claim} />
            </td>
            <td role="cell">
              <CheckMark verdict={claim.verdict} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
