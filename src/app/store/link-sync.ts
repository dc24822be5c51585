// Keeps the address and a lab's settings the same: a choice, or a whole drag, is one step of the history, and going back
// takes the settings along.
import { decodeLink, encodeLink } from '../link.ts';
import type { LabState, LabStore } from './lab-store.ts';

const DRAG_MS = 200;
/** Settled changes of one setting that follow one another faster belong together: a held key, or presses in a row. */
const REPEAT_MS = 1000;

export interface LinkSync {
  /** The visitor went to another address of the same lab. */
  arrive(query: string): void;
  stop(): void;
}

/** The one setting that differs, or null for none or many. */
function changedField(now: LabState, before: LabState): string | null {
  const fields = [
    ...Object.keys(now.meta.controls).filter((name) => now.knobs[name] !== before.knobs[name]),
    ...(['seed', 'seeds', 'backend', 'layout'] as const).filter((name) => now[name] !== before[name]),
  ];
  return fields.length === 1 ? fields[0] : null;
}

/** `write` puts a query into the address. */
export function syncLink(store: LabStore, write: (query: string, how: 'push' | 'replace') => void): LinkSync {
  const { meta } = store.getState();
  const written = () => encodeLink(meta, store.getState());
  let last = written();
  let isArriving = false;
  let isDragging = false;
  let repeated: { field: string | null; at: number } = { field: null, at: 0 };
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
      const field = changedField(state, before);
      const isRepeat = field !== null && field === repeated.field && Date.now() - repeated.at < REPEAT_MS;
      if (query !== last) put(query, isDragging || isRepeat ? 'replace' : 'push');
      repeated = { field, at: Date.now() };
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
