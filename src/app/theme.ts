// Light or dark: the system's choice until the visitor makes one; paper is always light. index.html sets it before the
// first paint.
import { useSyncExternalStore } from 'react';
import type { Theme } from '../pictures/arm-colors.ts';

const KEY = 'paper-playground/theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const print = window.matchMedia('print');
const listeners = new Set<() => void>();

function stored(): Theme | null {
  try {
    const text = window.localStorage.getItem(KEY);
    return text === 'light' || text === 'dark' ? text : null;
  } catch {
    return null;
  }
}
let chosen = stored();
let isPrinting = false;

const theme = (): Theme => (print.matches || isPrinting ? 'light' : (chosen ?? (dark.matches ? 'dark' : 'light')));

function show(): void {
  document.documentElement.dataset.theme = theme();
  for (const listener of listeners) listener();
}
dark.addEventListener('change', show);
print.addEventListener('change', show);
for (const [type, value] of [
  ['beforeprint', true],
  ['afterprint', false],
] as const)
  window.addEventListener(type, () => {
    isPrinting = value;
    show();
  });

/** The other theme, kept for the next visit; the system's own theme is kept as "no choice". */
export function toggleTheme(): void {
  const next: Theme = theme() === 'dark' ? 'light' : 'dark';
  chosen = next === (dark.matches ? 'dark' : 'light') ? null : next;
  try {
    if (chosen) window.localStorage.setItem(KEY, chosen);
    else window.localStorage.removeItem(KEY);
  } catch {
    /* the choice lasts as long as the page */
  }
  show();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};
export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme);
