// What the labs train on: every packaged data set to browse, with its source and licence.
import '../data-browser/data-browser.css';
import type { Dataset } from '../../data/types.ts';
import { EmojiBrowser } from '../data-browser/emoji-browser.tsx';
import { FashionBrowser } from '../data-browser/fashion-browser.tsx';
import { useDatasets } from '../manifest.ts';
import { DatasetFacts } from '../parts/dataset-facts.tsx';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { useTitle } from '../title.ts';

export default function DataPage() {
  useTitle('Data');
  const listed = useDatasets();
  return (
    <>
      <h1 className="page-title">What the labs train on</h1>
      <p className="page-lead">
        All data ships with this page, small and checked against its fingerprint when it is loaded. Nothing is fetched
        from anywhere else.
      </p>
      {!globalThis.crypto?.subtle && (
        <p className="message" data-tone="note">
          This page is not served over https, so this browser cannot check fingerprints: only the sizes of files are
          checked.
        </p>
      )}
      {listed.state === 'loading' && <p className="waiting">Reading the list…</p>}
      {listed.state === 'failed' && (
        <p className="message" data-tone="bad" role="alert">
          {listed.reason} Reload the page to try again.
        </p>
      )}
      {listed.state === 'ready' && listed.datasets.map((set) => <Section key={set.id} set={set} />)}
    </>
  );
}

const Section = ({ set }: { set: Dataset }) => (
  <section id={set.id} className="block" aria-labelledby={`set-${set.id}`}>
    <h2 id={`set-${set.id}`} className="part-title">
      {set.title.en}
    </h2>
    <p className="small quiet">
      {set.description.en} Licence:{' '}
      {[
        ...new Set(
          [...set.licences, ...(set.kind === 'emoji' ? set.styles.map((style) => style.licence) : [])].map(
            (licence) => licence.id,
          ),
        ),
      ].join(', ')}
      .
    </p>
    <ErrorBoundary what={set.title.en}>
      {set.kind === 'emoji' ? <EmojiBrowser set={set} /> : <FashionBrowser set={set} />}
    </ErrorBoundary>
    <details className="browser-facts">
      <summary>Source, licences, splits</summary>
      <div className="prose">
        <DatasetFacts set={set} />
      </div>
    </details>
  </section>
);
