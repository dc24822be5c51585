// How the service worker answers a request: by what kind of file it asks for.

export type Strategy =
  /** Not ours: the browser does as ever. */
  | 'pass'
  /** The page itself: network first, the kept copy when there is none. */
  | 'page'
  /** Named by its content's hash: the kept copy is always right. */
  | 'asset'
  /** A model or data file: right as long as the build's manifests stay the same. */
  | 'file';

/** `scope` is the folder that the page is served from, with a slash at its end. */
export function strategyFor(request: { url: string; method: string; mode: string }, scope: string): Strategy {
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return 'pass';
  const path = request.url.slice(scope.length).replace(/[?#].*$/, '');
  if (request.mode === 'navigate') return path === '' || path === 'index.html' ? 'page' : 'pass';
  if (path.startsWith('assets/')) return 'asset';
  if (path.startsWith('models/') || path.startsWith('data/')) return 'file';
  return ['favicon.svg', 'manifest.webmanifest', 'offline.json'].includes(path) ? 'page' : 'pass';
}
