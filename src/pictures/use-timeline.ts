// A player over the frames of a picture: the newest frame, or where the visitor put it, or moving while it plays.
import { useEffect, useState } from 'react';
import { frameOf, moveTimeline, type TimelineAction, type TimelineState } from './timeline.ts';

const FRAME_MS = 700;

export interface Timeline {
  /** Index of the frame on show. */
  at: number;
  /** Index of the last frame. */
  last: number;
  isPlaying: boolean;
  /** The newest frame is on show, whichever that is. */
  isFollowing: boolean;
  set(at: number): void;
  step(by: number): void;
  toggle(): void;
  stop(): void;
}

export interface TimelineOptions {
  /** A run that starts shows its newest frame. */
  running?: boolean;
  frameMs?: number;
  /** Goes round until it is stopped. */
  isLoop?: boolean;
  /** Frame shown first; the newest unless told. */
  start?: number;
}

/** `frames`: how many there are. Nothing moves by itself: only a press on Play does. */
export function useTimeline(
  frames: number,
  { running = false, frameMs = FRAME_MS, isLoop = false, start }: TimelineOptions = {},
): Timeline {
  const [state, setState] = useState<TimelineState>({ at: start ?? null, isPlaying: false });
  const rule = { frames, isLoop };
  const move = (action: TimelineAction) => setState((now) => moveTimeline(now, action, rule));
  const { isPlaying } = state;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(
      () => setState((now) => moveTimeline(now, { kind: 'tick' }, { frames, isLoop })),
      frameMs,
    );
    return () => clearInterval(timer);
  }, [isPlaying, frames, isLoop, frameMs]);
  useEffect(() => {
    if (running) setState((now) => moveTimeline(now, { kind: 'follow' }, { frames: 0, isLoop: false }));
  }, [running]);
  return {
    at: frameOf(state, rule),
    last: Math.max(0, frames - 1),
    isPlaying,
    isFollowing: state.at === null,
    set: (at) => move({ kind: 'set', at }),
    step: (by) => move({ kind: 'step', by }),
    toggle: () => move({ kind: 'toggle' }),
    stop: () => move({ kind: 'stop' }),
  };
}
