// Space pauses and resumes; milestones of a run are told to those who do not see the page.
import { useEffect } from 'react';
import { formatSeconds } from '../format.ts';
import { announce } from '../parts/announcer.tsx';
import type { LabState, LabStore } from './lab-store.ts';

const CONTROLS =
  'input, select, textarea, button, a, summary, dialog, canvas[tabindex], svg[tabindex], [contenteditable], [role="tab"], [role="application"], [role="slider"]';

/** Space acts on the run while no control has the focus; elsewhere it keeps its own meaning. */
export function useSpaceKey(store: LabStore): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key !== ' ' ||
        event.repeat ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        (event.target as Element).closest?.(CONTROLS)
      )
        return;
      const { phase } = store.getState();
      if (phase !== 'running' && phase !== 'paused' && phase !== 'preparing') return;
      event.preventDefault();
      void (phase === 'paused' ? store.resume() : store.pause());
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [store]);
}

const VERDICTS = { reproduced: 'reproduced here', 'not-reproduced': 'not reproduced here', undecided: 'undecided' };
const TOLD_EVERY_MS = 15_000;

/** What changed that is worth a sentence; null for nothing. */
export function milestone(now: LabState, before: LabState): string | null {
  if (now.phase !== before.phase) {
    switch (now.phase) {
      case 'preparing':
        return 'Run started.';
      case 'paused':
        return `Paused${now.progress ? ` at ${now.progress.done} of ${now.progress.total}` : ''}.`;
      case 'finished':
        return `Run finished. Verdict: ${VERDICTS[now.claims?.verdict ?? 'undecided']}.`;
      case 'stopped':
        return 'Run stopped.';
      default:
        return null; // a failure speaks for itself, as an alert
    }
  }
  return now.notices.length > before.notices.length ? now.notices[now.notices.length - 1] : null;
}

export function useAnnouncements(store: LabStore): void {
  useEffect(() => {
    let told = 0;
    return store.subscribe((now, before) => {
      const text = milestone(now, before);
      if (text) return announce(text, true);
      if (
        now.progress === before.progress ||
        !now.progress ||
        now.phase !== 'running' ||
        Date.now() - told < TOLD_EVERY_MS
      )
        return;
      told = Date.now();
      announce(`${now.progress.done} of ${now.progress.total}, ${formatSeconds(now.progress.leftMs / 1000)} left`);
    });
  }, [store]);
}
