// The page's few signs, drawn on a 16-pixel grid in the colour of the text around them.
import type { ReactNode } from 'react';

const SHAPES = {
  run: <path d="M4.5 2.8v10.4L13 8z" fill="currentColor" stroke="none" />,
  pause: <path d="M5.2 3v10M10.8 3v10" strokeWidth="2.4" />,
  step: (
    <>
      <path d="M3.5 3.2v9.6L10 8z" fill="currentColor" stroke="none" />
      <path d="M12.5 3.2v9.6" strokeWidth="2" />
    </>
  ),
  stop: <rect x="3.6" y="3.6" width="8.8" height="8.8" rx="1" fill="currentColor" stroke="none" />,
  reset: (
    <>
      <path d="M3.2 8a4.8 4.8 0 1 0 1.6-3.6" />
      <path d="M3 2.6v2.8h2.8" />
    </>
  ),
  share: (
    <>
      <path d="M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.8.8" />
      <path d="M9.3 6.7a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.8-.8" />
    </>
  ),
  pin: <path d="M8 9.6V14M5.4 2.4h5.2l-.6 3.4 2 2.2v1.6H4V8l2-2.2z" />,
  screen: (
    <>
      <rect x="2" y="3" width="12" height="8" rx="1" />
      <path d="M5.5 13.6h5" />
    </>
  ),
  more: (
    <>
      <circle cx="3.4" cy="8" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="8" cy="8" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="12.6" cy="8" r="1.2" fill="currentColor" stroke="none" />
    </>
  ),
  knobs: (
    <>
      <path d="M2.5 5h11M2.5 11h11" />
      <circle cx="6" cy="5" r="1.8" fill="var(--surface)" />
      <circle cx="10.4" cy="11" r="1.8" fill="var(--surface)" />
    </>
  ),
  close: <path d="M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4" />,
  table: <path d="M2.5 3.5h11v9h-11zM2.5 6.6h11M6.6 3.5v9" />,
  chart: <path d="M2.5 2.5v11h11M5 10.5l2.6-3.2 2 1.6 3.4-4.6" />,
  save: <path d="M8 2.5v7.4M5 7.2l3 3 3-3M3 13.2h10" />,
  undo: (
    <>
      <path d="M6 3.4 3 6.2l3 2.8" />
      <path d="M3.2 6.2h6a3.6 3.6 0 0 1 0 7.2H6.5" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1" />
    </>
  ),
  moon: <path d="M13 9.6A5.4 5.4 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6z" />,
  pass: (
    <>
      <circle cx="8" cy="8" r="6.4" />
      <path d="M5 8.3l2.1 2.1L11.1 6" />
    </>
  ),
  fail: (
    <>
      <circle cx="8" cy="8" r="6.4" />
      <path d="M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6" />
    </>
  ),
  unsure: (
    <>
      <circle cx="8" cy="8" r="6.4" strokeDasharray="3 2.2" />
      <path d="M5 8.6c1-1.4 2-1.4 3-.6s2 .8 3-.6" />
    </>
  ),
  arrow: <path d="M3 8h9.4M8.8 4.2 12.6 8l-3.8 3.8" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** Decoration beside words or inside a named button: hidden from assistive technology. */
export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {SHAPES[name]}
  </svg>
);
