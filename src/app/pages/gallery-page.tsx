// The gallery: the flagships, then all live labs as cards and the papers to come as a list; search, filter, sort.
import cards from 'virtual:lab-cards';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { Family } from '../../labs/_kit/contract/meta.ts';
import { CATALOG, FAMILIES, paperOf, START_HERE } from '../../labs/catalog.ts';
import { formatSeconds, plural } from '../format.ts';
import { useGraphicsCard, WELL_SECONDS } from '../gallery/device.ts';
import {
  byFamily,
  COSTS,
  filterPapers,
  isFiltered,
  readFilter,
  SORTS,
  VERDICTS,
  writeFilter,
  type GalleryFilter,
  type GalleryItem,
  type Sort,
} from '../gallery/filter.ts';
import { ComingCard, LabCard } from '../gallery/lab-card.tsx';
import { OfflineLabs } from '../offline/offline-labs.tsx';
import { announce } from '../parts/announcer.tsx';
import { FamilyTag } from '../parts/family-tag.tsx';
import { writeAddress } from '../router.ts';
import { useTitle } from '../title.ts';

/** With more live labs than this they stand family by family. */
const FEW = 12;
const USUAL_SORT: Sort = cards.length > FEW ? 'family' : 'number';

export function GalleryPage({ query }: { query: string }) {
  useTitle('');
  const [filter, setFilter] = useState(() => readFilter(query, USUAL_SORT));
  useEffect(() => setFilter(readFilter(query, USUAL_SORT)), [query]);
  const change = (part: Partial<GalleryFilter>) => {
    const next = { ...filter, ...part };
    setFilter(next);
    writeAddress(writeFilter(next, USUAL_SORT), 'replace');
  };
  const hasGpu = useGraphicsCard(filter.cost !== null || filter.sort === 'cost');
  const deferred = useDeferredValue(filter);
  const items = useMemo(() => filterPapers(cards, deferred, hasGpu), [deferred, hasGpu]);
  const isNarrowed = isFiltered(filter);
  useEffect(() => {
    if (isNarrowed) announce(`${plural(items.length, 'paper')} found`);
  }, [items, isNarrowed]);
  return (
    <>
      <section className="intro">
        <h1 className="page-title">Machine-learning papers as experiments you can run</h1>
        <p className="page-lead">
          Each lab states the claim of one paper, trains the method against its baseline right here in your browser, and
          says whether the claim held. {plural(cards.length, 'lab')} of {CATALOG.length}{' '}
          {cards.length === 1 ? 'is' : 'are'} live.
        </p>
      </section>
      {!isNarrowed && <StartHere />}
      <FilterBar filter={filter} change={change} hasGpu={hasGpu} />
      <OfflineLabs />
      <LiveLabs items={items.filter((item) => item.card)} filter={filter} change={change} />
      <ComingPapers items={items.filter((item) => !item.card)} isFiltered={isNarrowed} />
      {items.length === 0 && (
        <p className="message">
          No paper matches.{' '}
          <button
            type="button"
            className="button small"
            onClick={() => change({ text: '', family: null, verdict: null, cost: null })}
          >
            Show all papers
          </button>
        </p>
      )}
    </>
  );
}

const StartHere = () => (
  <section aria-labelledby="start-here" className="gallery-part">
    <h2 id="start-here" className="part-title">
      Start here
    </h2>
    <div className="start-here">
      {START_HERE.map((slug) => {
        const paper = paperOf(slug)!;
        const card = cards.find((card) => card.slug === slug);
        return card ? <LabCard key={slug} paper={paper} card={card} lead /> : <ComingCard key={slug} paper={paper} />;
      })}
    </div>
  </section>
);

interface FilterProps {
  filter: GalleryFilter;
  change(part: Partial<GalleryFilter>): void;
}

function FilterBar({ filter, change, hasGpu }: FilterProps & { hasGpu: boolean }) {
  const families = Object.entries(FAMILIES).map(([id, { label }]): [string, string] => [
    id,
    `${label} (${CATALOG.filter((paper) => paper.family === id).length})`,
  ]);
  return (
    <form className="filters" role="search" aria-label="Papers" onSubmit={(event) => event.preventDefault()}>
      <label>
        <span className="tiny quiet">Search</span>
        <input
          type="search"
          value={filter.text}
          maxLength={80}
          placeholder="temperature, pruning, 2019…"
          onChange={(event) => change({ text: event.target.value })}
        />
      </label>
      <Choice
        label="Family"
        none="All families"
        value={filter.family}
        options={families}
        choose={(family) => change({ family: family as Family | null })}
      />
      <Choice
        label="Recorded verdict"
        none="Any verdict"
        value={filter.verdict}
        options={Object.entries(VERDICTS)}
        choose={(verdict) => change({ verdict: verdict as GalleryFilter['verdict'] })}
      />
      <Choice
        label="Default run"
        none="Any time"
        value={filter.cost}
        options={COST_ORDER.map((cost): [string, string] => [String(cost), COSTS[cost]])}
        choose={(cost) => change({ cost: cost as GalleryFilter['cost'] })}
      />
      <Choice
        label="Sort by"
        value={filter.sort}
        options={Object.entries(SORTS)}
        choose={(sort) => change({ sort: sort as Sort })}
      />
      {filter.cost === 'here' && (
        <p className="tiny quiet filters-note">
          Default runs of at most {formatSeconds(WELL_SECONDS)}, by recorded times{' '}
          {hasGpu
            ? 'on a graphics card, which this browser offers.'
            : 'on a processor: no graphics card is offered here.'}
        </p>
      )}
    </form>
  );
}
const COST_ORDER = ['here', 10, 60, 300] as const;

interface ChoiceProps {
  label: string;
  /** The option that leaves the choice open. */
  none?: string;
  value: string | number | null;
  options: readonly (readonly [value: string, label: string])[];
  choose(value: string | null): void;
}

const Choice = ({ label, none, value, options, choose }: ChoiceProps) => (
  <label>
    <span className="tiny quiet">{label}</span>
    <select value={value ?? ''} onChange={(event) => choose(event.target.value || null)}>
      {none && <option value="">{none}</option>}
      {options.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

function LiveLabs({ items, filter, change }: FilterProps & { items: GalleryItem[] }) {
  if (items.length === 0) return null;
  const families = byFamily(items);
  const isAllFolded = families.every(([family]) => filter.folded.includes(family));
  const fold = (family: Family, isOpen: boolean) =>
    change({ folded: isOpen ? filter.folded.filter((id) => id !== family) : [...filter.folded, family] });
  return (
    <section aria-labelledby="live" className="gallery-part">
      <div className="part-head">
        <h2 id="live" className="part-title">
          Live labs <span className="quiet num">{items.length}</span>
        </h2>
        {filter.sort === 'family' && families.length > 1 && (
          <button
            type="button"
            className="button plain small"
            onClick={() => change({ folded: isAllFolded ? [] : families.map(([family]) => family) })}
          >
            {isAllFolded ? 'Unfold all families' : 'Fold all families'}
          </button>
        )}
      </div>
      {filter.sort === 'family' ? (
        families.map(([family, members]) => (
          <FamilyPart
            key={family}
            family={family}
            items={members}
            isOpen={!filter.folded.includes(family)}
            fold={(isOpen) => fold(family, isOpen)}
          />
        ))
      ) : (
        <Cards items={items} />
      )}
    </section>
  );
}

const Cards = ({ items }: { items: GalleryItem[] }) => (
  <div className="cards">
    {items.map(({ paper, card }) => card && <LabCard key={paper.slug} paper={paper} card={card} />)}
  </div>
);

interface FamilyPartProps {
  family: Family;
  items: GalleryItem[];
  isOpen: boolean;
  fold(isOpen: boolean): void;
}

/** A family that folds; its tally of verdicts stays in sight. */
function FamilyPart({ family, items, isOpen, fold }: FamilyPartProps) {
  const id = `family-${family}`;
  const held = items.filter(({ card }) => card?.recorded?.verdict === 'reproduced').length;
  return (
    <section className="family-part">
      <h3>
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => fold(!isOpen)}>
          <span className="fold-mark" aria-hidden="true" />
          <FamilyTag family={family} />
          <span className="tiny quiet num">
            {plural(items.length, 'lab')}, {held} reproduced
          </span>
        </button>
      </h3>
      <div id={id} hidden={!isOpen}>
        {isOpen && <Cards items={items} />}
      </div>
    </section>
  );
}

/** Papers whose labs are not built yet: listed, not linked. */
const ComingPapers = ({ items, isFiltered }: { items: GalleryItem[]; isFiltered: boolean }) =>
  items.length === 0 ? null : (
    <section aria-labelledby="coming" className="gallery-part">
      <h2 id="coming" className="part-title">
        Coming <span className="quiet num">{items.length}</span>
      </h2>
      {!isFiltered && <p className="small quiet">Papers whose labs are not built yet.</p>}
      <ul className="coming-list">
        {items.map(({ paper }) => (
          <li key={paper.slug}>
            <span className="num quiet">{paper.number}</span>
            <div>
              <h3>{paper.name}</h3>
              <p>{paper.claim}</p>
              <p className="tiny quiet">
                <FamilyTag family={paper.family} /> · {paper.authors}, {paper.venue} {paper.year}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
