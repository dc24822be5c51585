// What the visitor's system and the page say about how to draw: media queries and the theme on show.
import { useSyncExternalStore } from 'react';
import type { Theme } from './arm-colors.ts';

/** True while the media query holds. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}

export const useReducedMotion = (): boolean => useMedia('(prefers-reduced-motion: reduce)');

function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** The theme that the page shows, for canvases, which do not follow CSS. */
export const usePageTheme = (): Theme =>
  useSyncExternalStore(watchTheme, () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'));

/** Device pixels per CSS pixel, at most 3; follows zoom and the move to another screen. */
export function usePixelRatio(): number {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('resize', listener);
      return () => window.removeEventListener('resize', listener);
    },
    () => Math.min(3, window.devicePixelRatio || 1),
  );
}
