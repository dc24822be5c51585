// Browses the emoji set by group, style and words in English or Chinese; a chosen concept can be seen in all its styles.
import { useCallback, useMemo, useState } from 'react';
import {
  loadEmojiBytes,
  loadEmojiConcepts,
  type EmojiBytes,
  type EmojiConcept,
  type EmojiConcepts,
} from '../../data/emoji.ts';
import type { EmojiDataset } from '../../data/types.ts';
import { formatBytes } from '../format.ts';
import { searchConcepts, searchEntries } from './emoji-search.ts';
import { counted, pageData, useLoaded } from './page-data.ts';
import { PictureList } from './picture-list.tsx';
import { planesPicture, Sprite, type Picture } from './sprite.tsx';
import { Waiting } from './waiting.tsx';

const LANGUAGE_NAMES: Record<string, string> = { en: 'English', zh: '中文' };
interface Filters {
  query: string;
  group: number | null;
  style: string;
  size: number;
  language: string;
}

const loadTables = (set: EmojiDataset): Promise<EmojiConcepts[]> =>
  Promise.all(Object.keys(set.languages).map((language) => loadEmojiConcepts(pageData, language)));
const bytesOf = (set: EmojiDataset, style: string, size: number): number =>
  set.shards
    .filter((shard) => shard.style === style && shard.size === size)
    .reduce((sum, shard) => sum + shard.bytes, 0);

/** The picture of a concept, where the style draws it. */
function pictureOf(bytes: EmojiBytes, concept: number): Picture | undefined {
  const row = bytes.concepts.indexOf(concept);
  const length = 4 * bytes.size * bytes.size;
  return row < 0 ? undefined : planesPicture(bytes.planes.subarray(row * length, (row + 1) * length), bytes.size);
}

export function EmojiBrowser({ set }: { set: EmojiDataset }) {
  const [filters, setFilters] = useState<Filters>({
    query: '',
    group: null,
    style: set.styles[0].id,
    size: set.sizes[0],
    language: 'en',
  });
  const tables = useLoaded('tables', () => loadTables(set));
  const bytes = useLoaded(`${filters.style} ${filters.size}`, () => loadEmojiBytes(pageData, filters));
  const languages = Object.keys(set.languages);
  if (tables.state !== 'ready') return <Waiting of={tables} what="names" />;
  return (
    <div className="browser">
      <Controls
        set={set}
        table={tables.value[languages.indexOf(filters.language)]}
        filters={filters}
        onChange={setFilters}
      />
      {bytes.state === 'ready' ? (
        <Concepts set={set} tables={tables.value} bytes={bytes.value} filters={filters} />
      ) : (
        <Waiting
          of={bytes}
          what={`${set.styles.find((style) => style.id === filters.style)!.title}, ${formatBytes(bytesOf(set, filters.style, filters.size))}`}
        />
      )}
    </div>
  );
}

function Controls({
  set,
  table,
  filters,
  onChange,
}: {
  set: EmojiDataset;
  table: EmojiConcepts;
  filters: Filters;
  onChange(filters: Filters): void;
}) {
  const put = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  return (
    <form
      className="filters browser-controls wide"
      role="search"
      aria-label="Search the emoji"
      onSubmit={(event) => event.preventDefault()}
    >
      <label>
        <span className="tiny quiet">Search</span>
        <input
          type="search"
          value={filters.query}
          placeholder="octopus, 章鱼, sea…"
          onChange={(event) => put({ query: event.target.value })}
        />
      </label>
      <label>
        <span className="tiny quiet">Group</span>
        <select
          value={filters.group ?? ''}
          onChange={(event) => put({ group: event.target.value === '' ? null : Number(event.target.value) })}
        >
          <option value="">All groups</option>
          {table.groups.map((group, i) => (
            <option key={group.key} value={i}>
              {group.title[filters.language]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="tiny quiet">Style</span>
        <select value={filters.style} onChange={(event) => put({ style: event.target.value })}>
          {set.styles.map((style) => (
            <option key={style.id} value={style.id}>
              {style.title}, {style.concepts.toLocaleString('en')}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="tiny quiet">Pixels</span>
        <select value={filters.size} onChange={(event) => put({ size: Number(event.target.value) })}>
          {set.sizes.map((size) => (
            <option key={size} value={size}>
              {size} × {size}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="tiny quiet">Names</span>
        <select value={filters.language} onChange={(event) => put({ language: event.target.value })}>
          {Object.keys(set.languages).map((language) => (
            <option key={language} value={language}>
              {LANGUAGE_NAMES[language] ?? language}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

function Concepts({
  set,
  tables,
  bytes,
  filters,
}: {
  set: EmojiDataset;
  tables: EmojiConcepts[];
  bytes: EmojiBytes;
  filters: Filters;
}) {
  const [chosen, setChosen] = useState<number>();
  const table = tables[Object.keys(set.languages).indexOf(filters.language)];
  const entries = useMemo(() => searchEntries(tables.map((each) => each.concepts)), [tables]);
  const ids = useMemo(() => {
    const drawn = new Set(bytes.concepts);
    return searchConcepts(entries, filters.query).filter(
      (i) => drawn.has(i) && (filters.group === null || table.concepts[i].group === filters.group),
    );
  }, [entries, filters.query, filters.group, bytes, table]);
  const describe = useCallback(
    (id: number) => ({ id, label: table.concepts[id].name, picture: pictureOf(bytes, id)! }),
    [bytes, table],
  );
  const index = chosen !== undefined && ids.includes(chosen) ? chosen : ids[0];
  if (index === undefined)
    return (
      <p className="message" role="status">
        No concept of this style fits. Try another word, or all groups.
      </p>
    );
  return (
    <div className="browser-body">
      <Detail
        set={set}
        tables={tables}
        index={index}
        language={filters.language}
        picture={describe(index).picture}
        size={filters.size}
      />
      <div>
        <p className="small quiet num" role="status">
          {counted(ids.length, 'concept')}
        </p>
        <PictureList label="Concepts" ids={ids} describe={describe} chosen={index} onChoose={setChosen} />
      </div>
    </div>
  );
}

function Detail({
  set,
  tables,
  index,
  language,
  picture,
  size,
}: {
  set: EmojiDataset;
  tables: EmojiConcepts[];
  index: number;
  language: string;
  picture: Picture;
  size: number;
}) {
  const [hasStyles, setHasStyles] = useState(false);
  const languages = Object.keys(set.languages);
  const table = tables[languages.indexOf(language)];
  const concept = table.concepts[index];
  const section = `${table.groups[concept.group].title[language]}, ${table.subgroups[concept.subgroup].title[language]}`;
  return (
    <aside className="browser-detail" aria-label="Chosen concept">
      <Sprite picture={picture} label={concept.name} />
      <div>
        {tables.map((each, i) => (
          <Named key={languages[i]} concept={each.concepts[index]} language={languages[i]} />
        ))}
        <p className="small quiet">
          <span lang={language}>{section}</span>; split: {concept.split}; <span className="mono">{concept.code}</span>
        </p>
        {hasStyles ? (
          <AllStyles set={set} concept={concept} size={size} />
        ) : (
          <p>
            <button type="button" className="button small" onClick={() => setHasStyles(true)}>
              Show all styles ({formatBytes(set.styles.reduce((sum, style) => sum + bytesOf(set, style.id, size), 0))})
            </button>
          </p>
        )}
      </div>
    </aside>
  );
}

const Named = ({ concept, language }: { concept: EmojiConcept; language: string }) => (
  <div lang={language}>
    <p className="browser-name">{concept.name}</p>
    <p className="small quiet">{concept.keywords.join(', ')}</p>
  </div>
);

function AllStyles({ set, concept, size }: { set: EmojiDataset; concept: EmojiConcept; size: number }) {
  const loaded = useLoaded(`all ${size}`, () =>
    Promise.all(
      set.styles.map(async (style) => ({ style, bytes: await loadEmojiBytes(pageData, { style: style.id, size }) })),
    ),
  );
  if (loaded.state !== 'ready') return <Waiting of={loaded} what="the other styles" />;
  return (
    <ul className="browser-styles" aria-label="Styles">
      {loaded.value.map(({ style, bytes }) => {
        const picture = pictureOf(bytes, concept.index);
        return (
          <li key={style.id}>
            {picture ? <Sprite picture={picture} /> : <span className="sprite none" />}
            <span className="tiny quiet">
              {style.title}
              {picture ? '' : ': not drawn'}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
