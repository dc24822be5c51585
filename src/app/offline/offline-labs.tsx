// Says which labs run without a network, and offers to keep all of them.
import { paperOf } from '../../labs/catalog.ts';
import { formatBytes } from '../format.ts';
import { useOfflineLabs } from './kept.ts';

export function OfflineLabs() {
  const { state, progress, problem, keepAll } = useOfflineLabs();
  if (!state) return null;
  const { ready, labs, missing, missingBytes } = state;
  return (
    <section className="offline-labs small" aria-labelledby="offline-labs">
      <h2 id="offline-labs" className="hidden-text">
        Without a network
      </h2>
      <p key={ready.length}>
        {missing.length === 0
          ? `All ${labs} live labs are ready offline.`
          : `Ready offline: ${ready.length} of ${labs} live labs. Others may lack part of their data or of the engine.`}
      </p>
      {ready.length > 0 && missing.length > 0 && (
        <details>
          <summary>Which labs are ready offline</summary>
          <ul>
            {ready.map((slug) => (
              <li key={slug}>{paperOf(slug)?.name ?? slug}</li>
            ))}
          </ul>
        </details>
      )}
      {missing.length > 0 && (
        <button type="button" className="button small" disabled={progress !== null} onClick={() => void keepAll()}>
          {progress ? (
            <span key="busy">{`Keeping… ${progress.done} of ${progress.of} files`}</span>
          ) : (
            <span key="ready">{`Keep all labs offline (${formatBytes(missingBytes)})`}</span>
          )}
        </button>
      )}
      {problem && (
        <p key={problem} className="message" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
