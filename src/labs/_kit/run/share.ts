// A run may be divided: each share does some of its units (the trials of an experiment; the seeds of a lab with a loop of its
// own, where it allows that). The share with index 0 leads: it hears of the others, and alone draws the conclusions.
import type { ClaimResult, Picture } from '../contract/result.ts';
import type { RunPoint } from './collect.ts';
import type { CellExamples } from './example-store.ts';

export interface Share {
  index: number;
  of: number;
}

/** Numbers of the units that a share does: every `of`-th, so that neighbours, which tend to cost the same, are spread. */
export const unitsOf = ({ index, of }: Share, count: number): number[] =>
  Array.from({ length: count }, (_, i) => i).filter((i) => i % of === index);

/** What one trial added to a picture that several make together. */
export interface PicturePart {
  id: string;
  key: string;
  value: Picture;
}

/** All that the lead needs of a share that has come to its end. */
export interface ShareOutcome {
  units: number[];
  /** Units of the whole run. */
  count: number;
  points: RunPoint[];
  examples: CellExamples[];
  parts: PicturePart[];
  pictures: Record<string, Picture>;
  wallMs: number;
  stepMs: number;
  /** Of a share that was the whole run. */
  claims?: ClaimResult[];
}

/** The other shares of a run, as their lead hears of them. Points of one share come in order. */
export class Fellows {
  private readonly heard = new Map<number, RunPoint[]>();
  private readonly ended = new Map<number, ShareOutcome>();
  private arrive: (outcomes: ShareOutcome[]) => void = () => undefined;
  private awaited: readonly number[] | null = null;
  /** The others' outcomes, in the order of their indices, once all of them are here. */
  readonly outcomes = new Promise<ShareOutcome[]>((resolve) => {
    this.arrive = resolve;
  });

  /** The indices of the other shares, which are known once the run is divided. */
  expect(indices: readonly number[]): void {
    this.awaited = indices;
    this.settle();
  }
  hear(index: number, points: readonly RunPoint[]): void {
    this.heard.set(index, [...(this.heard.get(index) ?? []), ...points]);
  }
  deliver(index: number, outcome: ShareOutcome): void {
    this.ended.set(index, outcome);
    this.settle();
  }
  /** All points of the others so far. */
  points(): RunPoint[] {
    const indices = [...new Set([...this.heard.keys(), ...this.ended.keys()])].sort((a, b) => a - b);
    return indices.flatMap((i) => this.ended.get(i)?.points ?? this.heard.get(i)!);
  }

  /** Values per test example of the shares that have ended. */
  examples(): CellExamples[] {
    return [...this.ended.values()].flatMap((outcome) => outcome.examples);
  }

  private settle(): void {
    if (this.awaited?.every((i) => this.ended.has(i))) this.arrive(this.awaited.map((i) => this.ended.get(i)!));
  }
}

/** @throws Error unless the outcomes hold every unit of the run, once. */
export function checkComplete(outcomes: readonly ShareOutcome[]): void {
  const count = outcomes[0]?.count ?? 0;
  const units = outcomes.flatMap((o) => o.units).sort((a, b) => a - b);
  const missing = Array.from({ length: count }, (_, i) => i).filter((i) => !units.includes(i));
  if (missing.length || units.length !== count)
    throw new Error(
      `merge: expected each of ${count} units once; got ${missing.length ? `none of unit ${missing.join(', ')}` : `units ${units.join(', ')}`}`,
    );
}
