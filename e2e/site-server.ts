// Serves the built page as a plain static host would, under a sub-path, and misbehaves when told to.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const SCOPE = '/sub/path/';
const LOGIN = '<!doctype html><title>Log in</title><h1>Welcome to the hotel network</h1>';

/** What the server does instead of serving the file. */
export type Fault = 'login page' | 'unavailable' | 'reset';

export class SiteServer {
  /** Paths below the sub-path that were asked for, in order. */
  readonly asked: string[] = [];
  private readonly faults: { path: RegExp; fault: Fault; left: number }[] = [];
  private readonly root = new URL('../dist/', import.meta.url).pathname;
  private server: Server | null = null;
  private port = 0;

  get url(): string {
    return `http://localhost:${this.port}${SCOPE}`;
  }
  async start(): Promise<void> {
    const server = (this.server = createServer((request, response) => this.answer(request.url ?? '/', response)));
    await new Promise<void>((resolve) => server.listen(this.port, resolve));
    this.port = (server.address() as AddressInfo).port;
  }
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
  /** Every path that matches misbehaves, `times` times. */
  fail(path: RegExp, fault: Fault, times = Infinity): void {
    this.faults.push({ path, fault, left: times });
  }
  mend(): void {
    this.faults.length = 0;
  }

  private answer(url: string, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    if (!path.startsWith(SCOPE)) return void response.writeHead(404).end();
    const name = path.slice(SCOPE.length);
    this.asked.push(name);
    const found = this.faults.find((entry) => entry.left > 0 && entry.path.test(name));
    if (found) found.left--;
    switch (found?.fault) {
      case 'reset':
        return void response.destroy();
      case 'login page':
        return void response.writeHead(200, { 'content-type': TYPES['.html'] }).end(LOGIN);
      case 'unavailable':
        return void response.writeHead(503, { 'content-type': TYPES['.html'] }).end('<h1>503</h1>');
      case undefined:
        return this.serve(name || 'index.html', response);
    }
  }
  private serve(name: string, response: ServerResponse): void {
    const file = join(this.root, normalize(name));
    if (!file.startsWith(this.root) || !existsSync(file) || !statSync(file).isFile())
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const age = name === 'index.html' ? 'no-cache' : 'max-age=600';
    response
      .writeHead(200, { 'content-type': type, 'cache-control': age, 'access-control-allow-origin': '*' })
      .end(readFileSync(file));
  }
}
