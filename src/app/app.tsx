// The frame of every page: head, the page that the address names, foot, and the live region.
import { lazy, Suspense, useEffect, useRef } from 'react';
import { isEmbedded } from './link.ts';
import { GalleryPage } from './pages/gallery-page.tsx';
import { LostPage } from './pages/lost-page.tsx';
import { Announcer } from './parts/announcer.tsx';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Icon } from './parts/icon.tsx';
import { useRoute, type Route } from './router.ts';
import { toggleTheme, useTheme } from './theme.ts';

const LabPage = lazy(() => import('./pages/lab-page.tsx'));
const ReproductionsPage = lazy(() => import('./pages/reproductions-page.tsx'));
const DataPage = lazy(() => import('./pages/data-page.tsx'));
const AboutPage = lazy(() => import('./pages/about-page.tsx'));

function CurrentPage({ route }: { route: Route }) {
  switch (route.page) {
    case 'gallery':
      return <GalleryPage query={route.query} />;
    case 'lab':
      return <LabPage key={route.slug} slug={route.slug} query={route.query} />;
    case 'reproductions':
      return <ReproductionsPage />;
    case 'data':
      return <DataPage />;
    case 'about':
      return <AboutPage />;
    case 'unknown':
      return <LostPage what={`There is no page “${route.path}”.`} />;
  }
}

const NAV: { href: string; label: string; pages: Route['page'][] }[] = [
  { href: '#/', label: 'Labs', pages: ['gallery', 'lab'] },
  { href: '#/reproductions', label: 'Reproductions', pages: ['reproductions'] },
  { href: '#/data', label: 'Data', pages: ['data'] },
  { href: '#/about', label: 'About', pages: ['about'] },
];

function Head({ page }: { page: Route['page'] }) {
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="head">
      <a className="brand" href="#/">
        <Mark />
        Paper Playground
      </a>
      <nav aria-label="Main">
        {NAV.map(({ href, label, pages }) => (
          <a key={href} href={href} aria-current={pages.includes(page) ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <button
        type="button"
        className="button plain theme"
        onClick={toggleTheme}
        aria-label={`Switch to the ${other} theme`}
        title={`Switch to the ${other} theme`}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
    </header>
  );
}

/** A sheet of paper with two curves racing. */
const Mark = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect x="5" y="2" width="22" height="28" rx="3" fill="var(--surface)" stroke="currentColor" strokeWidth="1.6" />
    <path d="M9 24c3 0 4-4 6-9s3-8 8-8" fill="none" stroke="var(--arm-0)" strokeWidth="2.4" strokeLinecap="round" />
    <path
      d="M9 25c5 0 6-2 8-5s3-4 6-4"
      fill="none"
      stroke="var(--arm-1)"
      strokeWidth="2.4"
      strokeDasharray="4 2.6"
      strokeLinecap="round"
    />
  </svg>
);

export const Waiting = () => <p className="waiting">Opening…</p>;

export function App() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const place = route.page === 'lab' ? `lab/${route.slug}` : route.page;
  const first = useRef(true);
  // A new page starts at its top, and for a screen reader at its main part; the first page stays as the browser opened it.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [place]);
  const isBare = route.page === 'lab' && isEmbedded(route.query);
  return (
    <>
      <button type="button" className="button skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      {!isBare && <Head page={route.page} />}
      <main ref={main} tabIndex={-1} className={isBare ? 'page bare' : 'page'}>
        <ErrorBoundary what="This page" resetKey={place}>
          <Suspense fallback={<Waiting />}>
            <CurrentPage route={route} />
          </Suspense>
        </ErrorBoundary>
      </main>
      {!isBare && (
        <footer className="foot">
          <p>
            Everything runs on this device: nothing you do here is sent anywhere. Code under the MIT licence; data and
            fonts as said under <a href="#/about">About</a>.
          </p>
        </footer>
      )}
      <Announcer />
    </>
  );
}
