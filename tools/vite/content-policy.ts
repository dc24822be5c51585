// Vite plugin: writes a Content-Security-Policy into the built page, as a meta element, since the page is static. Nothing
// but the page's own files runs or is asked for; inline scripts of index.html are allowed by their hash. What a visitor's
// own model loads from elsewhere, after consent, its worker fetches, and a worker has a policy of its own.
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** The policy of a page with these inline scripts. */
export const policyOf = (scripts: string[]): string =>
  [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...scripts.map(hashOf)].join(' '),
    "style-src 'self'",
    // formulas written by the build (lab-maths.ts) carry style attributes
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join('; ');

export function contentPolicy(): Plugin {
  return {
    name: 'content-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => {
        const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) => text);
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts)}" />`;
        return html.replace(/<meta charset="utf-8" ?\/?>/, (charset) => `${charset}\n    ${meta}`);
      },
    },
  };
}
