// One live lab in the gallery: thumbnail from the recorded run, claim, verdict, cost.
import type { CatalogEntry } from '../../labs/catalog.ts';
import { formatSeconds } from '../format.ts';
import { FamilyTag } from '../parts/family-tag.tsx';
import { RecordedMark } from '../parts/verdict-mark.tsx';
import { labHref } from '../router.ts';
import { THUMB_HEIGHT, THUMB_WIDTH, type ShapesThumb } from '../../pictures/thumbnail.ts';
import type { LabCard as Card, Thumbnail } from './summary.ts';

/** The recorded picture, small; its curves where the lab has no picture to show. */
const Thumb = ({ thumbnail }: { thumbnail: Thumbnail }) =>
  thumbnail.kind === 'image' ? (
    <img
      className="thumb"
      src={thumbnail.href}
      width={thumbnail.width}
      height={thumbnail.height}
      alt={`Recorded run: ${thumbnail.label}`}
    />
  ) : (
    <Shapes thumbnail={thumbnail} />
  );

const Shapes = ({ thumbnail: { shapes, isSquare, label } }: { thumbnail: ShapesThumb }) => (
  <svg
    className="thumb"
    viewBox={`0 0 ${THUMB_WIDTH} ${THUMB_HEIGHT}`}
    preserveAspectRatio={isSquare ? 'xMidYMid meet' : 'none'}
    role="img"
    aria-label={`Recorded run: ${label}`}
  >
    {shapes.map(({ color, path, dash, width = 1.8, opacity }, i) => (
      <path
        key={i}
        d={path}
        fill="none"
        stroke={color}
        strokeDasharray={dash}
        strokeWidth={width}
        strokeOpacity={opacity}
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
        <Thumb thumbnail={card.thumbnail} />
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
