// What the lab sends to its picture, packed small: for every weight the round at which it died, for a sample of weights
// their start and trained values, and the validation curves of every round.
import { fromBase64, toBase64 } from '../../util/base64.ts';

/** One seed's ticket. A weight with death r is gone from round r on; 0 lives. */
export interface TicketPicture {
  seed: number;
  /** Rounds shown: 0 (dense) .. rounds - 1. */
  rounds: number;
  /** Weight matrices [in, out], in order. */
  layers: { name: string; shape: readonly number[] }[];
  /** Bytes, one per weight, layer after layer, base64. */
  deaths: string;
  wall: {
    /** Place of each sampled weight among all weights; ascending. */
    index: readonly number[];
    /** Largest magnitude; values below are int16 shares of it, base64. */
    scale: number;
    /** [index]; with a fresh draw every round [rounds, index]. */
    start: string;
    /** [rounds, index] */
    trained: string;
  };
}

/** Mean validation loss over the seeds; NaN or null where an arm was not measured. */
export interface CurvesPicture { every: number; rounds: { round: number; remaining: number; loss: Record<string, (number | null)[]> }[] }

export interface Ticket extends Omit<TicketPicture, 'deaths' | 'wall'> { deaths: Uint8Array; wall: { index: readonly number[]; start: Float64Array; trained: Float64Array } }

export const packBytes = (values: ArrayLike<number>): string => toBase64(Uint8Array.from(values));
/** Values as int16 shares of `scale`. */
export const packShares = (values: ArrayLike<number>, scale: number): string =>
  toBase64(new Uint8Array(Int16Array.from(values, (v) => Math.round((v / scale) * 32767)).buffer));

function unpackShares(text: string, scale: number): Float64Array {
  const bytes = fromBase64(text);
  return Float64Array.from(new Int16Array(bytes.buffer, 0, bytes.length >> 1), (v) => (v / 32767) * scale);
}

export const unpackTicket = (p: TicketPicture): Ticket => ({
  ...p, deaths: fromBase64(p.deaths),
  wall: { index: p.wall.index, start: unpackShares(p.wall.start, p.wall.scale), trained: unpackShares(p.wall.trained, p.wall.scale) },
});

export const livesAt = (death: number, round: number): boolean => death === 0 || death > round;

/** Place of each layer's first weight, and the total. */
export function offsets({ layers }: Pick<TicketPicture, 'layers'>): number[] {
  return layers.reduce<number[]>((at, { shape }) => [...at, at[at.length - 1] + shape[0] * shape[1]], [0]);
}
/** Survivors of layer l in a round. */
export function survivors(t: Ticket, l: number, round: number): number {
  const [from, to] = offsets(t).slice(l, l + 2);
  return t.deaths.subarray(from, to).reduce((n, death) => n + Number(livesAt(death, round)), 0);
}
/** Surviving connections of each input of layer l: how many neurons still listen to it. */
export function listeners(t: Ticket, l: number, round: number): number[] {
  const { shape: [inputs, outputs] } = t.layers[l], from = offsets(t)[l];
  return Array.from({ length: inputs }, (_, i) => t.deaths.subarray(from + i * outputs, from + (i + 1) * outputs).reduce((n, death) => n + Number(livesAt(death, round)), 0));
}
/** Layer of a weight. */
export const layerOf = (at: readonly number[], index: number): number => at.findIndex((end, l) => l > 0 && index < end) - 1;
