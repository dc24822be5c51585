// What the labs train on: every packaged data set with its source and licence.
import { useDatasets } from '../manifest.ts';
import { DatasetFacts } from '../parts/dataset-facts.tsx';
import { useTitle } from '../title.ts';

export default function DataPage() {
  useTitle('Data');
  const listed = useDatasets();
  return (
    <>
      <h1 className="page-title">What the labs train on</h1>
      <p className="page-lead">All data ships with this page, small and checked against its fingerprint when it is loaded. Nothing is fetched from anywhere else.</p>
      {listed.state === 'loading' && <p className="waiting">Reading the list…</p>}
      {listed.state === 'failed' && <p className="message" data-tone="bad" role="alert">{listed.reason} Reload the page to try again.</p>}
      {listed.state === 'ready' && listed.datasets.map(set => (
        <section key={set.id} id={set.id} className="block" aria-labelledby={`set-${set.id}`}>
          <h2 id={`set-${set.id}`} className="part-title">{set.title.en}</h2>
          <div className="prose"><DatasetFacts set={set} /></div>
        </section>
      ))}
    </>
  );
}
