// The model at work, layer by layer: a batch of sequences goes through decoder layers, is cut in between, and is read out at any point.
// Graphs exist for a short ladder of token counts (sequences are padded and masked), so that no schedule compiles anything new.
import { add, reshape } from '../../graph/builder.ts';
import { Graph } from '../../graph/graph.ts';
import { optimise } from '../../graph/passes/passes.ts';
import type { Engine, HostArray, Runner } from '../../engine/engine.ts';
import type { Program } from '../../graph/program.ts';
import { Batches, type Residency } from '../../optim/program.ts';
import { QUESTION_LENGTH, WORDS } from '../../data/scenes/vocabulary.ts';
import { argmaxRows } from '../../util/measures/rows.ts';
import {
  block,
  causalMask,
  embedWords,
  encodeImage,
  lastTokenAttention,
  patchShape,
  project,
  readWord,
  ropeFor,
  sequence,
  type VlmSpec,
} from './model.ts';
import { layoutOf, SectionWeights, type Layout } from './weights.ts';

/** Sequences of one batch between two layers. */
export interface Sequences {
  /** B */
  batch: number;
  /** Image tokens per sequence. */
  image: number;
  /** Tokens [B, image + QUESTION_LENGTH, D]. */
  x: Float32Array;
  /** [B, image]: which patch each image token was. */
  patches: Int32Array;
  /** [B, image + QUESTION_LENGTH]: rotation positions. */
  positions: Int32Array;
}

const finish = (graph: Graph, batches: Batches): Program => ({
  graph: optimise(graph).graph,
  state: [],
  batches: batches.entries,
});

/** Patches and question tokens -> the first sequence. Inputs: front (resident), patches, questions. */
export function frontProgram(spec: VlmSpec, batch: number, residency: Residency): Program {
  const g = new Graph();
  const { front } = layoutOf(spec);
  const [N, P] = patchShape(spec);
  const w = new SectionWeights(g.input('front', [front.to - front.from]), front);
  const features = encodeImage(w, g.input('patches', [batch, N, P]), spec);
  g.output(
    'x',
    sequence(project(w, features, spec), embedWords(w, g.input('questions', [batch, QUESTION_LENGTH], 'int32'), spec)),
  );
  return finish(g, new Batches(g, residency));
}

/** Inputs that the layer graph and the ranking graph share: weights of `layer`, x, positions, blocked (0, or -1e9 for padding). */
function layerInputs(spec: VlmSpec, batch: number, T: number, residency: Residency) {
  const g = new Graph();
  const batches = new Batches(g, residency);
  const { decoder } = layoutOf(spec);
  const length = decoder[0].to - decoder[0].from;
  const row = reshape(batches.rows('layers', spec.layers, [length], 'layer', [1]), [length]);
  const w = new SectionWeights(row, decoder[0]);
  const x = g.input('x', [batch, T, spec.width]);
  const positions = g.input('positions', [batch, T], 'int32');
  return {
    g,
    batches,
    w,
    x,
    rope: ropeFor(w, spec, positions, patchShape(spec)[0] + QUESTION_LENGTH),
    blocked: reshape(g.input('blocked', [batch, T]), [batch, 1, 1, T]),
  };
}

/** One decoder layer, whichever `layer` names: x -> y [B, T, D]. */
export function layerProgram(spec: VlmSpec, batch: number, T: number, residency: Residency): Program {
  const { g, batches, w, x, rope, blocked } = layerInputs(spec, batch, T, residency);
  g.output('y', block(w, 'decoder0', x, spec, { rope, mask: add(blocked, g.constant(causalMask(T), [T, T])) }));
  return finish(g, batches);
}
/** The last token's attention to all tokens as layer `layer` would compute it: score [B, T]. */
export function rankProgram(spec: VlmSpec, batch: number, T: number, residency: Residency): Program {
  const { g, batches, w, x, rope, blocked } = layerInputs(spec, batch, T, residency);
  g.output('score', lastTokenAttention(w, 'decoder0', x, spec, rope, blocked));
  return finish(g, batches);
}
/** Last tokens h [B, D] -> logits over the words [B, V]. Inputs: head (resident), h. */
export function readProgram(spec: VlmSpec, batch: number, residency: Residency): Program {
  const g = new Graph();
  const { head } = layoutOf(spec);
  const w = new SectionWeights(g.input('head', [head.to - head.from]), head);
  g.output('logits', readWord(w, g.input('h', [batch, spec.width]), spec));
  return finish(g, new Batches(g, residency));
}

/** Image-token counts that graphs exist for: halves and three quarters of powers of two, up to all. */
export function ladderOf(image: number): number[] {
  const steps = [0];
  for (let n = 4; n < image; n *= 2) steps.push(n, ...(n * 1.5 < image && n >= 8 ? [n * 1.5] : []));
  return [...steps, image];
}

/** The weights by section, as the graphs take them. */
function sources(
  theta: Float32Array,
  { front, decoder, head }: Layout,
): Record<'front' | 'layers' | 'head', Float32Array> {
  return {
    front: theta.slice(front.from, front.to),
    layers: theta.slice(decoder[0].from, decoder[decoder.length - 1].to),
    head: theta.slice(head.from, head.to),
  };
}

/** How many graphs stay open; the least recently used one is closed beyond that. */
const OPEN_GRAPHS = 24;

export class Vlm {
  readonly spec: VlmSpec;
  private readonly engine: Engine;
  private readonly weights: ReturnType<typeof sources>;
  private readonly runners = new Map<string, Promise<Runner>>();
  private readonly ladder: number[];
  constructor(engine: Engine, spec: VlmSpec, theta: Float32Array) {
    this.engine = engine;
    this.spec = spec;
    this.weights = sources(theta, layoutOf(spec));
    this.ladder = ladderOf(patchShape(spec)[0]);
  }

  /** The sequences before the first layer. patches: [B, N, patchWidth]; questions: [B, QUESTION_LENGTH]. */
  async start(patches: Float32Array, questions: Int32Array): Promise<Sequences> {
    const batch = questions.length / QUESTION_LENGTH;
    const image = patchShape(this.spec)[0];
    const T = image + QUESTION_LENGTH;
    const runner = await this.runner(`front:${batch}`, () => frontProgram(this.spec, batch, this.engine.residency), [
      'front',
    ]);
    const { x } = await runner.run({ patches, questions });
    return {
      batch,
      image,
      x: x as Float32Array,
      patches: Int32Array.from({ length: batch * image }, (_, i) => i % image),
      positions: Int32Array.from({ length: batch * T }, (_, i) => i % T),
    };
  }

  /** Layers `from` to `to` (excluded). */
  async layers(s: Sequences, from: number, to: number): Promise<Sequences> {
    const rung = this.rung(s.image);
    const runner = await this.runner(
      `layer:${s.batch}:${rung}`,
      () => layerProgram(this.spec, s.batch, rung + QUESTION_LENGTH, this.engine.residency),
      ['layers'],
    );
    const padded = pad(s, rung, this.spec.width);
    let x = padded.x;
    for (let layer = from; layer < to; layer++)
      x = (await runner.run({ ...padded, x, layer: Int32Array.of(layer) })).y as Float32Array;
    return { ...s, x: from < to ? unpad(x, s, rung, this.spec.width) : s.x };
  }

  /** The last token's attention to the image tokens in layer `layer`: [B, image]. */
  async attention(s: Sequences, layer: number): Promise<Float32Array> {
    const rung = this.rung(s.image);
    const T = rung + QUESTION_LENGTH;
    const runner = await this.runner(
      `rank:${s.batch}:${rung}`,
      () => rankProgram(this.spec, s.batch, T, this.engine.residency),
      ['layers'],
    );
    const { score } = await runner.run({ ...pad(s, rung, this.spec.width), layer: Int32Array.of(layer) });
    return Float32Array.from(
      { length: s.batch * s.image },
      (_, i) => (score as Float32Array)[Math.floor(i / s.image) * T + (i % s.image)],
    );
  }

  /** Logits over the words [B, V], read from the last tokens. */
  async read(s: Sequences): Promise<Float32Array> {
    const D = this.spec.width;
    const T = s.image + QUESTION_LENGTH;
    const h = new Float32Array(s.batch * D);
    for (let b = 0; b < s.batch; b++) h.set(s.x.subarray(((b + 1) * T - 1) * D, (b + 1) * T * D), b * D);
    const runner = await this.runner(`read:${s.batch}`, () => readProgram(this.spec, s.batch, this.engine.residency), [
      'head',
    ]);
    return (await runner.run({ h })).logits as Float32Array;
  }

  /** The most likely word per sequence [B]. */
  async answers(s: Sequences): Promise<Int32Array> {
    return argmaxRows(await this.read(s), WORDS.length);
  }

  async dispose(): Promise<void> {
    const open = [...this.runners.values()];
    this.runners.clear();
    for (const runner of open) await (await runner).dispose();
  }

  private rung(image: number): number {
    return this.ladder.find((n) => n >= image)!;
  }

  private async runner(key: string, program: () => Program, names: (keyof Vlm['weights'])[]): Promise<Runner> {
    const known =
      this.runners.get(key) ??
      this.engine.runner(program(), Object.fromEntries(names.map((n) => [n, this.weights[n] as HostArray])));
    this.runners.delete(key);
    this.runners.set(key, known); // newest last
    const [oldest] = this.runners;
    if (this.runners.size > OPEN_GRAPHS) {
      this.runners.delete(oldest[0]);
      await (await oldest[1]).dispose();
    }
    return known;
  }
}

/** Sequences with `rung` image places each: [image | empty | question], the empty ones blocked. */
function pad(s: Sequences, rung: number, D: number): { x: Float32Array; positions: Int32Array; blocked: Float32Array } {
  const { batch, image } = s;
  const Q = QUESTION_LENGTH;
  const from = image + Q;
  const to = rung + Q;
  const x = image === rung ? s.x : new Float32Array(batch * to * D);
  const positions = new Int32Array(batch * to);
  const blocked = new Float32Array(batch * to);
  for (let b = 0; b < batch; b++) {
    positions.set(s.positions.subarray(b * from, b * from + image), b * to);
    positions.set(s.positions.subarray(b * from + image, (b + 1) * from), b * to + rung);
    blocked.fill(-1e9, b * to + image, b * to + rung);
    if (image === rung) continue;
    x.set(s.x.subarray(b * from * D, (b * from + image) * D), b * to * D);
    x.set(s.x.subarray((b * from + image) * D, (b + 1) * from * D), (b * to + rung) * D);
  }
  return { x, positions, blocked };
}
function unpad(y: Float32Array, { batch, image }: Sequences, rung: number, D: number): Float32Array {
  if (image === rung) return y;
  const Q = QUESTION_LENGTH;
  const from = rung + Q;
  const to = image + Q;
  const x = new Float32Array(batch * to * D);
  for (let b = 0; b < batch; b++) {
    x.set(y.subarray(b * from * D, (b * from + image) * D), b * to * D);
    x.set(y.subarray((b * from + rung) * D, (b + 1) * from * D), (b * to + image) * D);
  }
  return x;
}
