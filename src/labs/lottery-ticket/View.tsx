// The lab's picture: a slider over the rounds moves the pixels that are still heard, every layer's mask, the lottery wall and the races.
import { useEffect, useMemo, useState } from 'react';
import type { ViewProps } from '../_kit/contract/view.ts';
import { AccuracyFigure, CurvesFigure } from './race-figures.tsx';
import { LayerMasks, PixelFigure } from './mask-figures.tsx';
import { layerText, percent, readCurves, readTicket, remainingAt, roundText } from './ticket-text.ts';
import type { Ticket } from './picture.ts';
import { WallFigure } from './wall-figure.tsx';
import './ticket.css';

const PLAY_MS = 900;

export default function View(props: ViewProps) {
  const { pictures, large } = props;
  const ticket = useMemo(() => readTicket(pictures.ticket), [pictures.ticket]);
  return (
    <div className="ticket" data-large={large || undefined}>
      {ticket ? (
        <Rounds {...props} ticket={ticket} />
      ) : (
        <p className="ticket-empty">
          The dense network trains first. Its mask, still without a hole, appears with the end of that round.
        </p>
      )}
    </div>
  );
}

function Rounds({
  ticket,
  pictures,
  arms,
  armStyles,
  hoveredArm,
  hoverArm,
  live,
  running,
  theme,
  large,
  reducedMotion,
}: ViewProps & { ticket: Ticket }) {
  const clock = useRounds(ticket.rounds, running);
  const curves = useMemo(() => readCurves(pictures.curves), [pictures.curves]);
  const [pixel, setPixel] = useState<number | null>(null);
  const { round } = clock;
  const style = armStyles.ticket;
  const race = { arms, styles: armStyles, hovered: hoveredArm, hover: hoverArm, large };
  return (
    <>
      <RoundBar clock={clock} ticket={ticket} live={live} running={running} />
      <div className="ticket-grid">
        <PixelFigure ticket={ticket} round={round} theme={theme} pixel={pixel} point={setPixel} />
        <WallFigure
          ticket={ticket}
          round={round}
          style={style}
          theme={theme}
          large={large}
          isStill={reducedMotion}
          pixel={pixel}
        />
        <LayerMasks ticket={ticket} round={round} style={style} theme={theme} />
        <div className="ticket-races">
          {curves && (
            <CurvesFigure
              {...race}
              curves={curves}
              round={running ? Math.max(round, curves.rounds.length - 1) : round}
            />
          )}
          <AccuracyFigure {...race} round={round} choose={clock.set} />
        </div>
      </div>
      <LayersTable ticket={ticket} />
    </>
  );
}

interface Clock {
  round: number;
  last: number;
  isPlaying: boolean;
  set(round: number): void;
  toggle(): void;
}
/** The round that is shown: the newest while a run goes on, or where the visitor put it, or moving while it plays. */
function useRounds(rounds: number, running: boolean): Clock {
  const [at, setAt] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const last = rounds - 1;
  const round = Math.min(at ?? last, last);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      if (round >= last) setPlaying(false);
      else setAt(round + 1);
    }, PLAY_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, round, last]);
  useEffect(() => {
    if (running) {
      setAt(null);
      setPlaying(false);
    }
  }, [running]);
  return {
    round,
    last,
    isPlaying,
    set: (to) => {
      setPlaying(false);
      setAt(Math.max(0, Math.min(last, to)));
    },
    toggle: () => {
      if (!isPlaying && round === last) setAt(0);
      setPlaying(!isPlaying);
    },
  };
}

function RoundBar({
  clock: { round, last, isPlaying, set, toggle },
  ticket,
  live,
  running,
}: {
  clock: Clock;
  ticket: Ticket;
  live: boolean;
  running: boolean;
}) {
  return (
    <div className="ticket-bar">
      <button type="button" className="button small" onClick={toggle} disabled={last === 0}>
        {isPlaying ? 'Pause' : 'Play the rounds'}
      </button>
      <input
        type="range"
        min={0}
        max={Math.max(1, last)}
        step={1}
        value={round}
        disabled={last === 0}
        aria-label="Pruning round"
        aria-valuetext={roundText(ticket, round)}
        style={{ '--fill': `${(100 * round) / Math.max(1, last)}%` } as React.CSSProperties}
        onChange={(e) => set(Number(e.target.value))}
      />
      <p className="ticket-round num">
        <strong>Round {round}</strong>{' '}
        <span>
          {percent(remainingAt(ticket, round))} of the weights{live && running ? ', running' : ''}
        </span>
      </p>
    </div>
  );
}

function LayersTable({ ticket }: { ticket: Ticket }) {
  const rounds = Array.from({ length: ticket.rounds }, (_, r) => r);
  return (
    <details className="ticket-table">
      <summary>The picture as a table</summary>
      <div className="scroll-x">
        <table>
          <caption>Surviving weights per layer, seed {ticket.seed}</caption>
          <thead>
            <tr>
              <th scope="col">Round</th>
              <th scope="col">All</th>
              {ticket.layers.map((l, i) => (
                <th scope="col" key={l.name}>
                  {layerText(l, i)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rounds.map((r) => (
              <tr key={r}>
                <th scope="row">{r}</th>
                <td>{percent(remainingAt(ticket, r))}</td>
                {ticket.left[r].map((n, l) => (
                  <td key={ticket.layers[l].name}>{n.toLocaleString('en')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
