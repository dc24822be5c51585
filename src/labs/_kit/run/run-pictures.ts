// The newest payload of every picture of a run: sent whole, or put together from the parts that several trials send.
import type { Experiment } from '../contract/lab.ts';
import type { Picture } from '../contract/result.ts';

export class RunPictures {
  /** Newest payload by picture id. */
  readonly payloads: Record<string, Picture> = {};
  private readonly parts = new Map<string, Map<string, Picture>>();
  private readonly send: (id: string, payload: Picture) => void;
  private compose: NonNullable<Experiment['compose']> = {};

  constructor(send: (id: string, payload: Picture) => void) {
    this.send = send;
  }

  /** How parts are joined; known once the lab's work is open. */
  joinWith(compose: Experiment['compose']): void {
    this.compose = compose ?? {};
  }

  picture(id: string, payload: Picture): void {
    this.payloads[id] = payload;
    this.send(id, payload);
  }

  /** @throws Error when the experiment has no way to join parts of this picture. */
  part(id: string, key: string, value: Picture): void {
    const parts = this.parts.get(id) ?? new Map<string, Picture>();
    this.parts.set(id, parts.set(key, value));
    const join = this.compose[id];
    if (!join) throw new Error(`picture "${id}": expected the experiment to compose its parts; got no compose.${id}`);
    this.picture(id, join(parts));
  }
}
