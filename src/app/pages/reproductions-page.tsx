// All recorded verdicts with their checks, taken from the labs' recordings when the page was built.
import verdicts from 'virtual:lab-verdicts';
import type { Verdict } from '../../labs/_kit/contract/result.ts';
import { CATALOG, paperOf } from '../../labs/catalog.ts';
import { formatMs, plural } from '../format.ts';
import type { LabVerdict } from '../gallery/summary.ts';
import { FamilyTag } from '../parts/family-tag.tsx';
import { RecordedMark } from '../parts/verdict-mark.tsx';
import { ChecksTable } from '../panels/checks-table.tsx';
import { labHref } from '../router.ts';
import { useTitle } from '../title.ts';

const TALLY: [Verdict, string][] = [
  ['reproduced', 'reproduced'],
  ['not-reproduced', 'not reproduced'],
  ['undecided', 'undecided'],
];

export default function ReproductionsPage() {
  useTitle('Reproductions');
  return (
    <>
      <h1 className="page-title">Which claims held, at this scale</h1>
      <p className="page-lead">
        Every lab checks its paper’s claim by numbers that can come out either way. These are the verdicts of the
        recorded runs, as they fell. A claim that does not hold in a small experiment is not thereby wrong: each lab
        lists how it differs from the paper.
      </p>
      <ul className="tally">
        {TALLY.map(([verdict, words]) => (
          <li key={verdict}>
            <span className="tally-number num">{verdicts.filter((lab) => lab.verdict === verdict).length}</span> {words}
          </li>
        ))}
        <li>
          <span className="tally-number num">{CATALOG.length - verdicts.length}</span> to come
        </li>
      </ul>
      {verdicts.map((lab) => (
        <Reproduction key={lab.slug} lab={lab} />
      ))}
      {verdicts.length === 0 && <p className="message">No lab has a recorded run yet.</p>}
    </>
  );
}

function Reproduction({ lab }: { lab: LabVerdict }) {
  const paper = paperOf(lab.slug);
  return (
    <section className="block" aria-labelledby={`lab-${lab.slug}`}>
      <p className="lab-card-top">{paper && <FamilyTag family={paper.family} />}</p>
      <div className="block-head">
        <h2 id={`lab-${lab.slug}`} className="part-title">
          <a href={labHref(lab.slug)}>{lab.title}</a>
        </h2>
        <RecordedMark verdict={lab.verdict} seeds={lab.seeds.length} />
      </div>
      {paper && (
        <p className="small quiet">
          {paper.title}. {paper.authors}, {paper.venue} {paper.year}.
        </p>
      )}
      <ChecksTable claims={lab.claims} caption={`Checks of ${lab.title}`} />
      <p className="tiny quiet num">
        Seeds {lab.seeds.join(', ')} on {lab.backend}, {formatMs(lab.wallMs)} in all;{' '}
        {plural(lab.deviations, 'deviation')} from the paper.
      </p>
    </section>
  );
}
