import { describe, expect, it } from 'vitest';
import { repairHash } from './link-repair.ts';
import { parseRoute } from './router.ts';

const good = '#/lab/lottery-ticket?v=1&seed=7&tau=0.1';

describe('a link altered on its way', () => {
  it.each([
    ['as it was', good],
    ['a full stop after it', `${good}.`],
    ['in brackets', `${good})`],
    ['between angle brackets', `${good}>`],
    ['in quotation marks, with a comma', `${good}",`],
    ['an escaped bracket', `${good}%3E`],
    ['with a blank', `${good}%20`],
    ['entities', good.replaceAll('&', '&amp;')],
    ['entities twice over', good.replaceAll('&', '&amp;amp;')],
    ['numeric entities', good.replaceAll('&', '&#38;')],
    ['the question mark escaped', good.replace('?', '%3F')],
    ['all signs escaped', good.replace('?', '%3F').replaceAll('&', '%26').replaceAll('=', '%3D')],
    ['all signs escaped twice', good.replace('?', '%253F').replaceAll('&', '%2526').replaceAll('=', '%253D')],
    ['"&" and "=" escaped', good.replaceAll('&', '%26').replaceAll('=', '%3D')],
    ['"&" escaped', good.replaceAll('&', '%26')],
    ['a folded line', good.replace('seed', '\r\nseed')],
    ['an escaped folded line', good.replace('seed', '%0D%0Aseed')],
  ])('%s', (_, text) => expect(repairHash(text)).toBe(good));
  it('letters in capitals lead to the same lab', () =>
    expect(parseRoute('#/LAB/Lottery-Ticket?V=1')).toEqual({ page: 'lab', slug: 'lottery-ticket', query: 'V=1' }));
  it('a run in a link stays as it is', () => {
    const withRun = `${good}&x=a-_Bc9`;
    expect(repairHash(withRun)).toBe(withRun);
  });
});
