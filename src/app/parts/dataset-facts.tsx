// What a data set is, where it comes from, and under which licence it ships.
import type { ReactNode } from 'react';
import type { Dataset, EmojiDataset, LabelledDataset, Licence } from '../../data/types.ts';
import { formatBytes } from '../format.ts';
import { totalBytes } from '../manifest.ts';

const file = (path: string): string => new URL(`data/${path}`, document.baseURI).href;
const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
const Licensed = ({ licence }: { licence: Licence }) => (
  <>
    <a href={file(licence.text)}>{licence.id}</a>, {licence.holder}
  </>
);
const splitText = (splits: [string, number][], unit: string): string =>
  `${splits.map(([name, rows]) => `${rows.toLocaleString('en')} ${name}`).join(', ')} ${unit}`;

const LabelledFacts = ({ set }: { set: LabelledDataset }) => (
  <>
    <Fact name="Rows">
      <span className="num">
        {splitText(
          Object.entries(set.splits).map(([name, { rows }]) => [name, rows]),
          'images',
        )}
      </span>
    </Fact>
    <Fact name="Shape">
      <span className="num">{set.shape.join(' × ')}</span>
    </Fact>
    <Fact name="Classes">{set.classes.map((name) => name.en).join(', ')}</Fact>
  </>
);

const EmojiFacts = ({ set }: { set: EmojiDataset }) => (
  <>
    <Fact name="Concepts">
      <span className="num">{splitText(Object.entries(set.splits), 'concepts')}</span>
    </Fact>
    <Fact name="Sizes">
      <span className="num">{set.sizes.join(' and ')} pixels a side</span>
    </Fact>
    <Fact name="Languages">{Object.keys(set.languages).join(', ')}</Fact>
    <Fact name="Styles">
      <ul>
        {set.styles.map((style) => (
          <li key={style.id}>
            <a href={style.homepage} rel="noreferrer">
              {style.title}
            </a>{' '}
            ({style.concepts.toLocaleString('en')}): {style.credit}. <Licensed licence={style.licence} />
          </li>
        ))}
      </ul>
    </Fact>
  </>
);

export const DatasetFacts = ({ set }: { set: Dataset }) => (
  <>
    <p>{set.description.en}</p>
    <dl className="facts">
      {set.kind === 'emoji' ? <EmojiFacts set={set} /> : <LabelledFacts set={set} />}
      <Fact name="Size">
        <span className="num">{formatBytes(totalBytes(set))} in all; a lab loads only what it needs</span>
      </Fact>
      {set.licences.length > 0 && (
        <Fact name="Licence">
          {set.licences.map((licence) => (
            <p key={licence.text}>
              <Licensed licence={licence} />
            </p>
          ))}
        </Fact>
      )}
      <Fact name="Source">
        <a href={set.homepage} rel="noreferrer">
          {set.source}
        </a>
      </Fact>
    </dl>
    <ul className="notes">
      {set.notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  </>
);
