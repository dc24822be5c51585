// Registers the service worker of a built page; the development server goes without.

export function registerOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || !window.isSecureContext) return;
  const register = () => { navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined); };
  if (document.readyState === 'complete') register(); else window.addEventListener('load', register, { once: true });
}
