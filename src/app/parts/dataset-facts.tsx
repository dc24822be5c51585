// What a data set is, where it comes from, and under which licence it ships.
import type { Dataset } from '../../data/types.ts';
import { formatBytes } from '../format.ts';
import { totalBytes } from '../manifest.ts';

const file = (path: string): string => new URL(`data/${path}`, document.baseURI).href;

export const DatasetFacts = ({ set }: { set: Dataset }) => (
  <>
    <p>{set.description.en}</p>
    <dl className="facts">
      <div><dt>Rows</dt><dd className="num">{Object.entries(set.splits).map(([name, { rows }]) => `${rows.toLocaleString('en')} ${name}`).join(', ')}</dd></div>
      <div><dt>Shape</dt><dd className="num">{set.shape.join(' × ')}</dd></div>
      <div><dt>Classes</dt><dd>{set.classes.map(name => name.en).join(', ')}</dd></div>
      <div><dt>Size</dt><dd className="num">{formatBytes(totalBytes(set))} in all; a lab loads only what it needs</dd></div>
      <div><dt>Licence</dt><dd>{set.licences.map(licence => <span key={licence.text}><a href={file(licence.text)}>{licence.id}</a>, {licence.holder} </span>)}</dd></div>
      <div><dt>Source</dt><dd><a href={set.homepage} rel="noreferrer">{set.source}</a></dd></div>
    </dl>
    <ul className="notes">{set.notes.map(note => <li key={note}>{note}</li>)}</ul>
  </>
);
