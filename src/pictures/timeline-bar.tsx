// Play button, slider and reading of a timeline. The slider is a native one: arrows step, Home and End go to the ends.
import type { CSSProperties, ReactNode } from 'react';
import type { Timeline } from './use-timeline.ts';
import './pictures.css';

export interface TimelineBarProps {
  timeline: Timeline;
  /** Name of the slider: "Moment of training". */
  label: string;
  /** What the button plays: "Play the training". */
  play: string;
  /** The other word of the button; "Pause" unless told. */
  pause?: string;
  /** The frame in words, for the slider. */
  text(at: number): string;
  /** What stands at the right; the same words unless told. */
  children?: ReactNode;
  /** Buttons that go one frame back and on. */
  hasSteps?: boolean;
}

export function TimelineBar({ timeline, label, play, pause = 'Pause', text, children, hasSteps }: TimelineBarProps) {
  const { at, last, isPlaying, set, step, toggle } = timeline;
  const isAlone = last === 0;
  const fill = { '--fill': `${(100 * at) / Math.max(1, last)}%` } as CSSProperties;
  const stepper = (by: 1 | -1) => (
    <button
      type="button"
      className="button small plain"
      aria-label={by < 0 ? 'One frame back' : 'One frame on'}
      disabled={by < 0 ? at === 0 : at === last}
      onClick={() => step(by)}
    >
      {by < 0 ? '‹' : '›'}
    </button>
  );
  return (
    <div className="timeline">
      <button type="button" className="button small timeline-play" onClick={toggle} disabled={isAlone}>
        {isPlaying ? pause : play}
      </button>
      {hasSteps && stepper(-1)}
      <input
        type="range"
        min={0}
        max={Math.max(1, last)}
        step={1}
        value={at}
        disabled={isAlone}
        style={fill}
        aria-label={label}
        aria-valuetext={text(at)}
        onChange={(event) => set(Number(event.target.value))}
      />
      {hasSteps && stepper(1)}
      <span className="timeline-text num">{children ?? text(at)}</span>
    </div>
  );
}
