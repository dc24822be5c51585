// One network on its way: when it fits, when it generalises, when its features turn. Times are read between two steps.
import type { StepperState } from '../../engine/engine.ts';
import { bitsToDoubles, doublesToBits } from '../../util/float-bits.ts';
import { Network, totalOf } from './network.ts';
import type { Problem } from './problem.ts';

/** A network fits when its training loss is under this share of the target's variance. */
export const FIT = 0.1;
/** It generalises when its exact test loss is under this share. */
export const GENERALISE = 0.3;
/** Its features are rich when the alignment has made this share of its whole rise. */
export const RICH = 0.9;
/** A loss so many times the target's variance will not come back. */
const LOST = 1e4;

export class Training {
  readonly network: Network;
  steps = 0;
  /** Step at which the training loss crosses; NaN before. */
  fit = NaN;
  /** Step at which the test loss crosses; NaN before. */
  generalise = NaN;
  /** Length of the weights, over that at the start, when the network fitted and when it generalised. */
  normAtFit = NaN;
  normAtGeneralise = NaN;
  /** Alignment after every step. */
  private readonly alignments: number[] = [];

  constructor(problem: Problem, isLinearised = false) {
    this.network = new Network(problem, isLinearised);
    this.alignments.push(this.network.alignment);
  }

  /** Training loss as a share of the target's variance. */
  get train(): number {
    return this.network.trainLoss / this.network.problem.variance;
  }
  /** Exact test loss as a share of the target's variance. */
  get test(): number {
    return totalOf(this.network.testLoss) / this.network.problem.variance;
  }
  /** The learning rate was too large: no step helps any more. */
  get hasDiverged(): boolean {
    return !(this.train < LOST);
  }

  advance(count: number): void {
    for (let i = 0; i < count; i++) {
      this.steps++;
      if (this.hasDiverged) continue;
      const before = [this.train, this.test];
      this.network.step();
      this.alignments.push(this.network.alignment);
      if (Number.isNaN(this.fit)) {
        this.fit = this.crossing(before[0], this.train, FIT);
        if (this.fit > 0) this.normAtFit = this.network.norm;
      }
      if (Number.isNaN(this.generalise)) {
        this.generalise = this.crossing(before[1], this.test, GENERALISE);
        if (this.generalise > 0) this.normAtGeneralise = this.network.norm;
      }
    }
  }

  /** Step at which the features have made their rise so far; NaN without a rise. */
  get rich(): number {
    const { alignments } = this;
    const from = alignments[0];
    const wanted = from + RICH * (alignments[alignments.length - 1] - from);
    const at = alignments.findIndex((a) => a >= wanted);
    if (at < 1) return NaN;
    return at - 1 + (wanted - alignments[at - 1]) / (alignments[at] - alignments[at - 1]);
  }

  /** Share of the alignment's rise so far that had been made at a step. */
  riseAt(step: number): number {
    const { alignments } = this;
    const at = Math.floor(step);
    if (!(at >= 0 && at + 1 < alignments.length)) return NaN;
    const value = alignments[at] + (step - at) * (alignments[at + 1] - alignments[at]);
    return (value - alignments[0]) / (alignments[alignments.length - 1] - alignments[0]);
  }

  save(): StepperState {
    const { fit, generalise, normAtFit, normAtGeneralise, network, alignments } = this;
    return {
      steps: this.steps,
      arrays: {
        map: doublesToBits(network.map),
        shift: doublesToBits(network.shift),
        alignments: doublesToBits(alignments),
        marks: doublesToBits([fit, generalise, normAtFit, normAtGeneralise]),
      },
    };
  }
  load({ steps, arrays }: StepperState): void {
    this.steps = steps;
    this.network.map.set(bitsToDoubles(arrays.map));
    this.network.shift.set(bitsToDoubles(arrays.shift));
    this.network.refresh();
    this.alignments.length = 0;
    this.alignments.push(...bitsToDoubles(arrays.alignments));
    [this.fit, this.generalise, this.normAtFit, this.normAtGeneralise] = bitsToDoubles(arrays.marks);
  }

  /** Where the line between the last two losses, on logarithms, meets the bound; NaN if it does not. */
  private crossing(before: number, now: number, bound: number): number {
    if (!(now < bound)) return NaN;
    return this.steps - Math.log(bound / now) / Math.log(before / now);
  }
}
