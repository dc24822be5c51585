// The data that the lab trains on, with source and licence.
import { useDatasets } from '../manifest.ts';
import { DatasetFacts } from '../parts/dataset-facts.tsx';
import { useLab } from '../store/use-lab.ts';

export function DataTab() {
  const ids = useLab((state) => state.meta.data);
  const listed = useDatasets();
  if (!ids.length) return <p className="small">This lab makes its data itself, from its seed: nothing is loaded.</p>;
  if (listed.state === 'loading') return <p className="waiting">Reading the list…</p>;
  if (listed.state === 'failed')
    return (
      <p className="message" data-tone="bad">
        {listed.reason} Reload the page to try again.
      </p>
    );
  return (
    <div className="prose small">
      {ids.map((id) => {
        const set = listed.datasets.find((set) => set.id === id);
        return (
          <section key={id} className="prose">
            <h3>{set?.title.en ?? id}</h3>
            {set ? (
              <DatasetFacts set={set} />
            ) : (
              <p>Not in the list of packaged data: this copy of the page is incomplete.</p>
            )}
          </section>
        );
      })}
    </div>
  );
}
