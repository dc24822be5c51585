// Keeps the address and a lab's settings the same: a choice, or a whole drag, is one step of the history, and going back
// takes the settings along.
import { decodeLink, encodeLink } from '../link.ts';
import type { LabStore } from './lab-store.ts';

const DRAG_MS = 200;

export interface LinkSync {
  /** The visitor went to another address of the same lab. */
  arrive(query: string): void;
  stop(): void;
}

/** `write` puts a query into the address. */
export function syncLink(store: LabStore, write: (query: string, how: 'push' | 'replace') => void): LinkSync {
  const { meta } = store.getState();
  const written = () => encodeLink(meta, store.getState());
  let last = written();
  let isArriving = false;
  let isDragging = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  write(last, 'replace');

  const put = (query: string, how: 'push' | 'replace') => {
    clearTimeout(timer);
    last = query;
    write(query, how);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (
      isArriving ||
      (state.settled === before.settled && state.knobs === before.knobs && state.layout === before.layout)
    )
      return;
    const query = written();
    if (state.settled !== before.settled) {
      if (query !== last) put(query, isDragging ? 'replace' : 'push');
      isDragging = false;
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      put(written(), isDragging ? 'replace' : 'push');
      isDragging = true;
    }, DRAG_MS);
  });
  return {
    arrive(query) {
      const { notices, ...experiment } = decodeLink(meta, query);
      const text = encodeLink(meta, experiment);
      if (text === written()) return;
      isArriving = true;
      store.apply(experiment, notices);
      isArriving = false;
      put(text, 'replace');
    },
    stop() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
