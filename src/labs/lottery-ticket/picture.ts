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
export interface CurvesPicture {
  every: number;
  rounds: { round: number; remaining: number; loss: Record<string, (number | null)[]> }[];
}

/** The same, unpacked. */
export interface Ticket extends Omit<TicketPicture, 'deaths' | 'wall'> {
  deaths: Uint8Array;
  wall: { index: readonly number[]; scale: number; start: Float64Array; trained: Float64Array };
  /** Place of each layer's first weight, and the total. */
  offsets: number[];
  /** Survivors [round][layer]. */
  left: number[][];
}

export const packBytes = (values: ArrayLike<number>): string => toBase64(Uint8Array.from(values));
/** Values as int16 shares of `scale`. */
export const packShares = (values: ArrayLike<number>, scale: number): string =>
  toBase64(new Uint8Array(Int16Array.from(values, (v) => Math.round((v / scale) * 32767)).buffer));

function unpackShares(text: string, scale: number): Float64Array {
  const bytes = fromBase64(text);
  return Float64Array.from(new Int16Array(bytes.buffer, 0, bytes.length >> 1), (v) => (v / 32767) * scale);
}

export function unpackTicket(p: TicketPicture): Ticket {
  const { index, scale, start, trained } = p.wall;
  const deaths = fromBase64(p.deaths);
  const offsets = p.layers.reduce<number[]>((at, { shape }) => [...at, at[at.length - 1] + shape[0] * shape[1]], [0]);
  const left = Array.from({ length: p.rounds }, (_, round) =>
    p.layers.map((_layer, l) => living(deaths.subarray(offsets[l], offsets[l + 1]), round)),
  );
  return {
    ...p,
    deaths,
    offsets,
    left,
    wall: { index, scale, start: unpackShares(start, scale), trained: unpackShares(trained, scale) },
  };
}

export const livesAt = (death: number, round: number): boolean => death === 0 || death > round;
const living = (deaths: Uint8Array, round: number): number =>
  deaths.reduce((n, death) => n + Number(livesAt(death, round)), 0);

/** Surviving connections of each input of the first layer: how many neurons still listen to a pixel. */
export function listeners(
  {
    layers: [
      {
        shape: [inputs, outputs],
      },
    ],
    deaths,
  }: Ticket,
  round: number,
): number[] {
  return Array.from({ length: inputs }, (_, i) => living(deaths.subarray(i * outputs, (i + 1) * outputs), round));
}
/** Layer of a weight. */
export const layerOf = ({ offsets }: Ticket, index: number): number => offsets.findIndex((end) => index < end) - 1;
