import { describe, expect, it } from 'vitest';
import { frameOf, moveTimeline, type TimelineAction, type TimelineState } from './timeline.ts';

const FOLLOW: TimelineState = { at: null, isPlaying: false };
const once = { frames: 4, isLoop: false };
const round = { frames: 4, isLoop: true };
const after = (actions: TimelineAction[], rule = once, state = FOLLOW) =>
  actions.reduce((s, action) => moveTimeline(s, action, rule), state);
const ticks = (n: number): TimelineAction[] => Array.from({ length: n }, () => ({ kind: 'tick' }));

describe('moveTimeline', () => {
  it('follows the newest frame until it is moved', () => {
    expect(frameOf(FOLLOW, once)).toBe(3);
    expect(frameOf(FOLLOW, { ...once, frames: 9 })).toBe(8);
    expect(frameOf(after([{ kind: 'set', at: 1 }]), { ...once, frames: 9 })).toBe(1);
  });
  it('follows again when it is set to the last frame', () =>
    expect(
      after([
        { kind: 'set', at: 1 },
        { kind: 'set', at: 3 },
      ]),
    ).toEqual(FOLLOW));
  it('plays from the first frame when it stands at the last, and stops there', () => {
    expect(after([{ kind: 'toggle' }])).toEqual({ at: 0, isPlaying: true });
    expect(after([{ kind: 'toggle' }, ...ticks(2)])).toEqual({ at: 2, isPlaying: true });
    expect(after([{ kind: 'toggle' }, ...ticks(3)])).toEqual(FOLLOW);
    expect(after([{ kind: 'toggle' }, ...ticks(9)])).toEqual(FOLLOW);
  });
  it('goes round and round in a loop', () => {
    const playing = after([{ kind: 'set', at: 2 }, { kind: 'toggle' }, ...ticks(3)], round);
    expect(playing).toEqual({ at: 1, isPlaying: true });
    expect(after([{ kind: 'stop' }], round, playing)).toEqual({ at: 1, isPlaying: false });
  });
  it('stays within its frames, also where they become fewer', () => {
    expect(frameOf(after([{ kind: 'step', by: -9 }]), once)).toBe(0);
    expect(frameOf(after([{ kind: 'step', by: 9 }]), once)).toBe(3);
    expect(frameOf({ at: 3, isPlaying: false }, { ...once, frames: 2 })).toBe(1);
    expect(frameOf(FOLLOW, { ...once, frames: 0 })).toBe(0);
  });
  it('plays nothing where there is one frame', () =>
    expect(moveTimeline(FOLLOW, { kind: 'toggle' }, { frames: 1, isLoop: true }).isPlaying).toBe(false));
});
