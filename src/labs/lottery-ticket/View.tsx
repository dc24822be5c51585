// The lab's picture: a slider over the rounds moves the pixels that are still heard, every layer's mask, the lottery wall and the races.
import { useMemo, useState } from 'react';
import { FoldedTables } from '../../pictures/data-table.tsx';
import { TimelineBar } from '../../pictures/timeline-bar.tsx';
import { useTimeline } from '../../pictures/use-timeline.ts';
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
  const timeline = useTimeline(ticket.rounds, { running, frameMs: PLAY_MS });
  const curves = useMemo(() => readCurves(pictures.curves), [pictures.curves]);
  const [pixel, setPixel] = useState<number | null>(null);
  const round = timeline.at;
  const style = armStyles.ticket;
  const race = { arms, styles: armStyles, hovered: hoveredArm, hover: hoverArm, large };
  return (
    <>
      <TimelineBar
        timeline={timeline}
        label="Pruning round"
        play="Play the rounds"
        text={(at) => roundText(ticket, at)}
      >
        <strong>Round {round}</strong> {percent(remainingAt(ticket, round))} of the weights
        {live && running ? ', running' : ''}
      </TimelineBar>
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
          <AccuracyFigure {...race} round={round} choose={timeline.set} />
        </div>
      </div>
      <LayersTable ticket={ticket} />
    </>
  );
}

function LayersTable({ ticket }: { ticket: Ticket }) {
  const rounds = Array.from({ length: ticket.rounds }, (_, r) => r);
  return (
    <FoldedTables
      summary="The picture as a table"
      tables={[
        {
          caption: `Surviving weights per layer, seed ${ticket.seed}`,
          head: ['Round', 'All', ...ticket.layers.map((layer, i) => layerText(layer, i))],
          rows: rounds.map((r) => [
            r,
            percent(remainingAt(ticket, r)),
            ...ticket.left[r].map((n) => n.toLocaleString('en')),
          ]),
        },
      ]}
    />
  );
}
