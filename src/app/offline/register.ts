// Registers the service worker of a built page; the development server goes without.

export function registerOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || !window.isSecureContext) return;
  const isFirst = !navigator.serviceWorker.controller;
  const register = async () => {
    try {
      await navigator.serviceWorker.register(new URL('sw.js', document.baseURI));
      const { active } = await navigator.serviceWorker.ready;
      // What the first visit loaded before the service worker was there, it could not keep by itself.
      if (isFirst) active?.postMessage({ keep: performance.getEntriesByType('resource').map((entry) => entry.name) });
    } catch {
      /* the page works without its offline copy */
    }
  };
  if (document.readyState === 'complete') void register();
  else window.addEventListener('load', () => void register(), { once: true });
}
