// What stands in a browser's place while its files arrive, or when they did not.
import type { Loaded } from './page-data.ts';

export function Waiting({ of, what }: { of: Loaded<unknown>; what: string }) {
  if (of.state === 'failed') {
    return (
      <div className="message" data-tone="bad" role="alert">
        <p>{of.reason}</p>
        <p>
          <button type="button" className="button small" onClick={of.retry}>
            Try again
          </button>
        </p>
      </div>
    );
  }
  return (
    <p className="waiting" role="status">
      Loading {what}…
    </p>
  );
}
