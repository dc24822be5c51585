// The gallery: the flagships, then all live labs as cards and the papers to come as a list; search, filter, sort.
import cards from 'virtual:lab-cards';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { Family } from '../../labs/_kit/contract/meta.ts';
import { CATALOG, FAMILIES, paperOf, START_HERE } from '../../labs/catalog.ts';
import { plural } from '../format.ts';
import {
  filterPapers,
  readFilter,
  SORTS,
  writeFilter,
  type GalleryFilter,
  type GalleryItem,
  type Sort,
} from '../gallery/filter.ts';
import { ComingCard, LabCard } from '../gallery/lab-card.tsx';
import { announce } from '../parts/announcer.tsx';
import { FamilyTag } from '../parts/family-tag.tsx';
import { writeAddress } from '../router.ts';
import { useTitle } from '../title.ts';

export function GalleryPage({ query }: { query: string }) {
  useTitle('');
  const [filter, setFilter] = useState(() => readFilter(query));
  useEffect(() => setFilter(readFilter(query)), [query]);
  const change = (part: Partial<GalleryFilter>) => {
    const next = { ...filter, ...part };
    setFilter(next);
    writeAddress(writeFilter(next), 'replace');
  };
  const deferred = useDeferredValue(filter);
  const items = useMemo(() => filterPapers(cards, deferred), [deferred]);
  const isFiltered = filter.text !== '' || filter.family !== null;
  useEffect(() => {
    if (isFiltered) announce(`${plural(items.length, 'paper')} found`);
  }, [items, isFiltered]);
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
      {!isFiltered && <StartHere />}
      <FilterBar filter={filter} change={change} />
      <LiveLabs items={items.filter((item) => item.card)} />
      <ComingPapers items={items.filter((item) => !item.card)} isFiltered={isFiltered} />
      {items.length === 0 && (
        <p className="message">
          No paper matches.{' '}
          <button type="button" className="button small" onClick={() => change({ text: '', family: null })}>
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

function FilterBar({ filter, change }: { filter: GalleryFilter; change: (part: Partial<GalleryFilter>) => void }) {
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
      <label>
        <span className="tiny quiet">Family</span>
        <select
          value={filter.family ?? ''}
          onChange={(event) => change({ family: (event.target.value as Family) || null })}
        >
          <option value="">All families</option>
          {Object.entries(FAMILIES).map(([id, { label }]) => (
            <option key={id} value={id}>
              {label} ({CATALOG.filter((paper) => paper.family === id).length})
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="tiny quiet">Sort by</span>
        <select value={filter.sort} onChange={(event) => change({ sort: event.target.value as Sort })}>
          {Object.entries(SORTS).map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

const LiveLabs = ({ items }: { items: GalleryItem[] }) =>
  items.length === 0 ? null : (
    <section aria-labelledby="live" className="gallery-part">
      <h2 id="live" className="part-title">
        Live labs <span className="quiet num">{items.length}</span>
      </h2>
      <div className="cards">
        {items.map(({ paper, card }) => card && <LabCard key={paper.slug} paper={paper} card={card} />)}
      </div>
    </section>
  );

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
