import { describe, expect, it } from 'vitest';
import { labHref, parseRoute } from './router.ts';

describe('parseRoute', () => {
  it.each([
    ['', { page: 'gallery', query: '' }],
    ['#', { page: 'gallery', query: '' }],
    ['#/', { page: 'gallery', query: '' }],
    ['#/?family=theory&q=a%20b', { page: 'gallery', query: 'family=theory&q=a%20b' }],
    ['#/reproductions', { page: 'reproductions', query: '' }],
    ['#/about/', { page: 'about', query: '' }],
    ['#/data', { page: 'data', query: '' }],
    ['#/lab/lottery-ticket', { page: 'lab', slug: 'lottery-ticket', query: '' }],
    ['#/lab/x?v=1&seed=7&tau=0.1', { page: 'lab', slug: 'x', query: 'v=1&seed=7&tau=0.1' }],
    ['#/lab/x?a=1?b=2', { page: 'lab', slug: 'x', query: 'a=1?b=2' }],
  ])('%s', (hash, route) => expect(parseRoute(hash)).toEqual(route));

  it.each(['#/lab', '#/lab/a/b', '#/nowhere', '#main', '#/constructor', '#/__proto__', '#/about/us'])(
    '%s is unknown',
    (hash) => {
      expect(parseRoute(hash).page).toBe('unknown');
    },
  );
  it('survives garbage', () => {
    for (const hash of ['#/lab/%E0%A4%A', '#/%', '#/lab/<script>', `#/${'x'.repeat(10_000)}`, '#?%%%', '#\n?\n']) {
      const route = parseRoute(hash);
      if (route.page === 'unknown') expect(route.path.length).toBeLessThanOrEqual(80);
    }
  });
  it('reads what labHref writes', () => {
    for (const slug of ['lottery-ticket', 'a b', 'ü/%?#'])
      expect(parseRoute(labHref(slug, 'v=1'))).toEqual({ page: 'lab', slug, query: 'v=1' });
    expect(labHref('x')).toBe('#/lab/x');
  });
});
