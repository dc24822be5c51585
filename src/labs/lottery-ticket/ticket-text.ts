// The picture in words and numbers: payloads read back, and what labels, tables and screen readers say.
import { unpackTicket, type CurvesPicture, type Ticket, type TicketPicture } from './picture.ts';

/** A payload as it comes from a run or a recording; null when it is none. */
export function readTicket(payload: unknown): Ticket | null {
  const p = payload as Partial<TicketPicture> | undefined;
  return p && Array.isArray(p.layers) && typeof p.deaths === 'string' && p.wall && p.rounds
    ? unpackTicket(p as TicketPicture)
    : null;
}
export function readCurves(payload: unknown): CurvesPicture | null {
  const p = payload as Partial<CurvesPicture> | undefined;
  return p && Array.isArray(p.rounds) && p.rounds.length > 0 ? (p as CurvesPicture) : null;
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
/** Share of all weights that survives. */
export const remainingAt = ({ left, offsets }: Ticket, round: number): number =>
  total(left[round]) / offsets[offsets.length - 1];
export const roundText = (ticket: Ticket, round: number): string =>
  `round ${round}, ${percent(remainingAt(ticket, round))} of the weights`;
export const layerText = ({ shape: [inputs, outputs] }: Ticket['layers'][number], l: number): string =>
  `layer ${l + 1}, ${inputs} → ${outputs}`;

/** Means over the border, the rest, and the ends of the pixel image. */
export function pixelText(counts: readonly number[], side: number, round: number): string {
  const border = counts.filter((_, i) => isBorder(i, side));
  const inner = counts.filter((_, i) => !isBorder(i, side));
  const mean = (v: readonly number[]) => (total(v) / v.length).toFixed(1);
  return `Round ${round}: neurons that still listen to a pixel: ${mean(border)} on average at the border, ${mean(inner)} inside, from ${Math.min(...counts)} to ${Math.max(...counts)}.`;
}
export const isBorder = (i: number, side: number): boolean =>
  i < side || i >= side * (side - 1) || i % side === 0 || i % side === side - 1;
