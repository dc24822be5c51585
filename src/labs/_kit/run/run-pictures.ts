// The newest payload of every picture of a run: sent whole, or put together from the parts that several trials send.
import type { Experiment } from '../contract/lab.ts';
import type { Picture } from '../contract/result.ts';
import type { PicturePart } from './share.ts';

export class RunPictures {
  /** Newest payload by picture id. */
  readonly payloads: Record<string, Picture> = {};
  private readonly kept = new Map<string, Map<string, Picture>>();
  private readonly send: (id: string, payload: Picture) => void;
  private compose: NonNullable<Experiment['compose']> | null = null;

  constructor(send: (id: string, payload: Picture) => void) {
    this.send = send;
  }

  /** How parts are joined; known once the lab's work is open. Parts that came before wait until then. */
  joinWith(compose: Experiment['compose']): void {
    this.compose = compose ?? {};
    for (const id of this.kept.keys()) this.join(id);
  }

  picture(id: string, payload: Picture): void {
    this.payloads[id] = payload;
    this.send(id, payload);
  }

  /** A picture that was sent elsewhere already. */
  keep(id: string, payload: Picture): void {
    this.payloads[id] = payload;
  }

  /** @throws Error when the experiment has no way to join parts of this picture. */
  part({ id, key, value }: PicturePart): void {
    this.kept.set(id, (this.kept.get(id) ?? new Map<string, Picture>()).set(key, value));
    this.join(id);
  }

  private join(id: string): void {
    if (!this.compose) return;
    const join = this.compose[id];
    if (!join) throw new Error(`picture "${id}": expected the experiment to compose its parts; got no compose.${id}`);
    this.picture(id, join(this.kept.get(id)!));
  }
}

/** The same of a share that does not lead: parts are kept and passed on. */
export class SharePictures {
  readonly payloads: Record<string, Picture> = {};
  private readonly kept = new Map<string, PicturePart>();

  picture(id: string, payload: Picture): void {
    this.payloads[id] = payload;
  }
  part(part: PicturePart): void {
    this.kept.set(JSON.stringify([part.id, part.key]), part);
  }
  parts(): PicturePart[] {
    return [...this.kept.values()];
  }
}
