// Links to an experiment, with or without a run in them, and copying.
import type { RunResult } from '../../labs/_kit/contract/result.ts';
import { decodeLink, encodeLink, type LinkLayout } from '../link.ts';
import { announce } from '../parts/announcer.tsx';
import { labHref } from '../router.ts';
import type { LabStore } from '../store/lab-store.ts';
import { packRun } from '../store/run-file.ts';

/** The address of the experiment as it stands. */
export function addressOf(store: LabStore, layout: LinkLayout): string {
  const { meta, ...state } = store.getState();
  const url = new URL(window.location.href);
  url.search = '';
  url.hash = labHref(meta.slug, encodeLink(meta, { ...state, layout }));
  return url.href;
}

/** Copies and says so; where the browser does not allow it, a notice holds the text. */
export async function copy(store: LabStore, text: string, say: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say('Copied');
    announce('Copied to the clipboard.', true);
  } catch {
    store.apply({}, [`The browser did not allow copying. Copy this by hand: ${text}`]);
  }
}

/** The settings that made a run, as a link's query. */
function queryOf(store: LabStore, { knobs, seeds }: RunResult): string {
  const { meta, ...state } = store.getState();
  return encodeLink(meta, {
    ...state,
    layout: 'page',
    knobs: { ...state.knobs, ...knobs },
    seed: seeds[0],
    seeds: seeds.length,
  });
}

/** Copies a link that holds a run: its settings, and the run itself where this browser can pack it. */
export async function copyRun(store: LabStore, run: RunResult, say: (text: string) => void): Promise<void> {
  const { slug } = store.getState().meta;
  const packed = await packRun(run);
  if (packed === null)
    return store.apply({}, [
      'This browser is too old to pack a run into a link (it has no CompressionStream). Save the run as a file instead: “Save this run (JSON)”, or JSON under Runs.',
    ]);
  const url = new URL(addressOf(store, 'page'));
  url.hash = labHref(slug, `${queryOf(store, run)}&x=${packed}`);
  await copy(store, url.href, say);
}

/** Takes over the settings of a run. The run may come from outside: they are read with a link's suspicion. */
export function takeSettings(store: LabStore, run: RunResult): void {
  const { notices, knobs, seed, seeds } = decodeLink(store.getState().meta, queryOf(store, run));
  store.apply({ knobs, seed, seeds }, notices);
}
