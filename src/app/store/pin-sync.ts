// Keeps a lab's kept runs and its last result on this device, together with the other tabs.
import { plural } from '../format.ts';
import type { LabStore } from './lab-store.ts';
import { loadPins, pinsKey, saveLast, savePins, type PinnedRun } from './pins.ts';

const NO_ROOM = 'This device has no room to keep runs: they last until the page is closed.';
type Events = Pick<Window, 'addEventListener' | 'removeEventListener'>;

/** @returns a function that ends it */
export function syncPins(store: LabStore, storage: Storage, events: Events): () => void {
  const { meta } = store.getState();
  const lasting = () => store.getState().pins.filter((pin) => !pin.isPassing);
  let known = new Set(lasting().map(({ id }) => id));
  let isOwn = false;

  /** Shows what is kept, beside the runs that only pass. */
  const show = (pins: readonly PinnedRun[], notices: string[]) => {
    const { pins: before } = store.getState();
    const kept = new Set(pins.map(({ id }) => id));
    isOwn = true;
    store.setState({
      pins: [
        ...pins.map((pin) => before.find(({ id, isPassing }) => id === pin.id && !isPassing) ?? pin),
        ...before.filter(({ id, isPassing }) => isPassing && !kept.has(id)),
      ],
    });
    isOwn = false;
    known = kept;
    if (notices.length) store.apply({}, notices);
  };
  const save = () => {
    const kept = lasting();
    const here = new Set(kept.map(({ id }) => id));
    const removed = new Set([...known].filter((id) => !here.has(id)));
    if (!removed.size && kept.every(({ id }) => known.has(id))) return;
    const saved = savePins(storage, meta, kept, removed);
    if (saved) show(saved.pins, saved.notices);
    else store.apply({}, [NO_ROOM]);
  };
  const onStorage = ({ key }: StorageEvent) => {
    if (key !== pinsKey(meta.slug)) return;
    const before = known.size;
    const { pins } = loadPins(storage, meta);
    const more = pins.filter(({ id }) => !known.has(id)).length;
    show(pins, []);
    if (more)
      store.apply({}, [`${plural(more, 'run')} kept in another tab ${more === 1 ? 'is' : 'are'} shown here too.`]);
    else if (pins.length < before) store.apply({}, ['A kept run was removed in another tab.']);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.pins !== before.pins && !isOwn) save();
    if (state.result !== before.result && (state.result || state.phase === 'idle'))
      saveLast(storage, meta.slug, state.result);
  });
  events.addEventListener('storage', onStorage);
  return () => {
    unsubscribe();
    events.removeEventListener('storage', onStorage);
  };
}
