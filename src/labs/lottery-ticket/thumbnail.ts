// The gallery's picture: how many neurons still listen to each pixel after the last round of pruning.
import type { ThumbnailOf } from '../../pictures/thumbnail.ts';
import { listeners } from './picture.ts';
import { SIDE } from './shape.ts';
import { readTicket } from './ticket-text.ts';

export const thumbnail: ThumbnailOf = ({ ticket: payload }) => {
  const ticket = readTicket(payload);
  if (!ticket) return null;
  return {
    kind: 'heatmap',
    label: 'Pixels that the pruned network still hears',
    picture: { rows: SIDE, cols: SIDE, values: listeners(ticket, ticket.rounds - 1), min: 0 },
  };
};
