// One live lab in the gallery: thumbnail from the recorded run, claim, verdict, cost.
import type { CatalogEntry } from '../../labs/catalog.ts';
import { formatSeconds } from '../format.ts';
import { FamilyTag } from '../parts/family-tag.tsx';
import { RecordedMark } from '../parts/verdict-mark.tsx';
import { labHref } from '../router.ts';
import { THUMB_HEIGHT, THUMB_WIDTH, type LabCard as Card, type Thumbnail } from './summary.ts';

const Curves = ({ thumbnail }: { thumbnail: Thumbnail }) => (
  <svg
    className="thumb"
    viewBox={`0 0 ${THUMB_WIDTH} ${THUMB_HEIGHT}`}
    preserveAspectRatio="none"
    role="img"
    aria-label={`Recorded run: ${thumbnail.label}`}
  >
    {[...thumbnail.lines].reverse().map((line, i) => (
      <path
        key={i}
        d={line.path}
        fill="none"
        stroke={line.color}
        strokeDasharray={line.dash}
        strokeWidth="1.8"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    ))}
  </svg>
);

/** `lead` cards are the large ones of the first row. */
export const LabCard = ({ paper, card, lead = false }: { paper: CatalogEntry; card: Card; lead?: boolean }) => (
  <article className={lead ? 'card lab-card lead' : 'card lab-card'}>
    <p className="lab-card-top">
      <FamilyTag family={paper.family} />
      <span className="tiny quiet num">no. {paper.number}</span>
    </p>
    <div className="lab-card-picture">
      {card.thumbnail ? (
        <Curves thumbnail={card.thumbnail} />
      ) : (
        <p className="tiny quiet">No recorded run yet: yours will be the first.</p>
      )}
    </div>
    <h3>
      <a href={labHref(card.slug)}>{card.title}</a>
    </h3>
    <p className="lab-card-claim">{paper.claim}</p>
    <p className="lab-card-foot">
      {card.recorded ? (
        <RecordedMark verdict={card.recorded.verdict} seeds={card.recorded.seeds} />
      ) : (
        <span className="verdict" data-verdict="none">
          not recorded yet
        </span>
      )}
      <span className="tiny quiet num">{costText(card)}</span>
    </p>
  </article>
);

const costText = ({ cost }: Card): string => {
  const gpu = cost.gpuSeconds === undefined ? '' : `${formatSeconds(cost.gpuSeconds)} on a GPU, `;
  return `about ${gpu}${formatSeconds(cost.cpuSeconds)} on a CPU`;
};

/** A flagship that is not live yet keeps its place in the first row. */
export const ComingCard = ({ paper }: { paper: CatalogEntry }) => (
  <article className="card lab-card lead coming">
    <p className="lab-card-top">
      <FamilyTag family={paper.family} />
      <span className="tiny quiet num">no. {paper.number}</span>
    </p>
    <div className="lab-card-picture">
      <span className="coming-number" aria-hidden="true">
        {paper.number}
      </span>
    </div>
    <h3>{paper.name}</h3>
    <p className="lab-card-claim">{paper.claim}</p>
    <p className="lab-card-foot">
      <span className="verdict" data-verdict="none">
        coming
      </span>
    </p>
  </article>
);
