// The page's one live region: polite, and never more than one message in a few seconds.
import { useSyncExternalStore } from 'react';

const GAP_MS = 5_000;
let shown = '';
let waiting: string | null = null;
let free = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(text: string): void {
  shown = text;
  waiting = null;
  free = Date.now() + GAP_MS;
  for (const listener of listeners) listener();
}

/** Tells those who do not see the page. `soon` overtakes the gap: for what the visitor just did, and for ends and errors. */
export function announce(text: string, soon = false): void {
  clearTimeout(timer);
  if (soon || Date.now() >= free) return show(text);
  waiting = text;
  timer = setTimeout(() => {
    if (waiting !== null) show(waiting);
  }, free - Date.now());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => shown);
  return (
    <div role="status" aria-live="polite" aria-atomic="true" className="hidden-text">
      {text}
    </div>
  );
}
