// Registers the service worker of a built page; the development server goes without.

/** Null where there are none, as in a sandboxed frame, in which the mere look throws. */
export function serviceWorkers(): ServiceWorkerContainer | null {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

export function registerOffline(): void {
  const workers = serviceWorkers();
  if (!import.meta.env.PROD || !workers || !window.isSecureContext) return;
  const isFirst = !workers.controller;
  const register = async () => {
    try {
      await workers.register(new URL('sw.js', document.baseURI));
      const { active } = await workers.ready;
      // What the first visit loaded before the service worker was there, it could not keep by itself.
      if (isFirst) active?.postMessage({ keep: performance.getEntriesByType('resource').map((entry) => entry.name) });
    } catch {
      /* the page works without its offline copy */
    }
  };
  if (document.readyState === 'complete') void register();
  else window.addEventListener('load', () => void register(), { once: true });
}
