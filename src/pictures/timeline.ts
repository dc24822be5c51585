// The moments of a picture: which one is on show, and how playing, stepping and a live run move it. No React.

export interface TimelineState {
  /** Frame on show; null while the newest is followed. */
  at: number | null;
  isPlaying: boolean;
}

export type TimelineAction =
  | { kind: 'set'; at: number }
  | { kind: 'step'; by: number }
  | { kind: 'toggle' }
  | { kind: 'tick' }
  | { kind: 'stop' }
  | { kind: 'follow' };

/** What the state moves over. */
export interface TimelineRule {
  frames: number;
  /** Starts again after the last frame instead of stopping there. */
  isLoop: boolean;
}

export const frameOf = (state: TimelineState, { frames }: TimelineRule): number =>
  Math.max(0, Math.min(state.at ?? frames - 1, frames - 1));

/** Frame `at`; the last one is followed, so that frames still to come appear by themselves. */
const shown = (at: number, { frames, isLoop }: TimelineRule): number | null =>
  at >= frames - 1 && !isLoop ? null : Math.max(0, Math.min(at, frames - 1));

export function moveTimeline(state: TimelineState, action: TimelineAction, rule: TimelineRule): TimelineState {
  const now = frameOf(state, rule);
  const last = rule.frames - 1;
  switch (action.kind) {
    case 'set':
      return { at: shown(action.at, rule), isPlaying: false };
    case 'step':
      return { at: shown(now + action.by, rule), isPlaying: false };
    case 'toggle':
      if (state.isPlaying || rule.frames < 2) return { ...state, isPlaying: false };
      return { at: now === last && !rule.isLoop ? 0 : now, isPlaying: true };
    case 'tick':
      if (!state.isPlaying) return state;
      if (rule.isLoop) return { at: (now + 1) % rule.frames, isPlaying: true };
      return { at: shown(now + 1, rule), isPlaying: now + 1 < last };
    case 'stop':
      return { ...state, isPlaying: false };
    case 'follow':
      return { at: null, isPlaying: false };
  }
}
