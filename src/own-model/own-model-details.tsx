// The closed door of "your own model": what is behind it loads when it is first opened.
import { lazy, Suspense, useState } from 'react';

const Section = lazy(() => import('./section.tsx'));

export function OwnModelDetails() {
  const [wasOpened, setOpened] = useState(false);
  return (
    <details
      className="own-details"
      onToggle={(e) => {
        if (e.currentTarget.open) setOpened(true);
      }}
    >
      <summary>Your own model</summary>
      {wasOpened && (
        <Suspense fallback={<p className="small quiet">Loading …</p>}>
          <Section />
        </Suspense>
      )}
    </details>
  );
}
