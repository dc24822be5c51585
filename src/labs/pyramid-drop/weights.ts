// The weight file: one float32 vector, its parts in the order in which the model asks for them. Read as sections that graphs slice.
import { reshape, slice } from '../../graph/builder.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import { Params, type ParamSpec } from '../../nn/params.ts';
import { invariant, unknownName } from '../../util/invariant.ts';
import { size, type Shape } from '../../util/shape.ts';
import { QUESTION_LENGTH } from '../../data/scenes/vocabulary.ts';
import {
  block,
  embedWords,
  encodeImage,
  patchShape,
  project,
  readWord,
  ropeAt,
  type VlmSpec,
  type Weights,
} from './model.ts';

/** A run of parameters that one graph reads. */
export interface Section {
  from: number;
  to: number;
  specs: ParamSpec[];
}
export interface Layout {
  /** Values in the file. */
  length: number;
  /** Encoder, projector and words: what turns a picture and a question into the first sequence. */
  front: Section;
  /** One section per decoder layer, all of one size. */
  decoder: Section[];
  head: Section;
}

const layouts = new Map<string, Layout>();

/** Where everything lies; found by building the model once. */
export function layoutOf(spec: VlmSpec): Layout {
  const key = JSON.stringify(spec);
  let layout = layouts.get(key);
  if (!layout) layouts.set(key, (layout = findLayout(spec)));
  return layout;
}
function findLayout(spec: VlmSpec): Layout {
  const p = new Params(new Graph());
  const g = p.graph;
  const marks = [0];
  const mark = () => marks.push(p.specs.length);
  const [N, P] = patchShape(spec);
  project(p, encodeImage(p, g.input('patches', [1, N, P]), spec), spec);
  embedWords(p, g.input('questions', [1, QUESTION_LENGTH], 'int32'), spec);
  mark();
  const x = g.input('x', [1, 1, spec.width]);
  const rope = ropeAt(p, spec, [0]);
  for (let l = 0; l < spec.layers; l++) {
    block(p, `decoder${l}`, x, spec, { rope });
    mark();
  }
  readWord(p, x, spec);
  mark();
  const sections = marks.slice(1).map((end, i): Section => {
    const specs = p.specs.slice(marks[i], end);
    const last = specs[specs.length - 1];
    return { specs, from: specs[0].offset, to: last.offset + size(last.shape) };
  });
  return { length: p.length, front: sections[0], decoder: sections.slice(1, -1), head: sections[sections.length - 1] };
}

/** Weights as slices of one vector that holds a section. `rename` maps the model's names to the section's. */
export class SectionWeights implements Weights {
  readonly graph: Graph;
  private readonly vector: Tensor;
  private readonly section: Section;
  private readonly rename: (name: string) => string;
  constructor(vector: Tensor, section: Section, rename: (name: string) => string = (name) => name) {
    this.graph = vector.graph;
    this.vector = vector;
    this.section = section;
    this.rename = rename;
  }
  get(name: string, shape: Shape): Tensor {
    const wanted = this.rename(name);
    const spec =
      this.section.specs.find((s) => s.name === wanted) ??
      unknownName(
        'weight',
        wanted,
        this.section.specs.map((s) => s.name),
      );
    invariant(
      size(shape) === size(spec.shape),
      () => `weight ${name}: expected ${spec.shape.join(' x ')}; got ${shape.join(' x ')}`,
    );
    const at = spec.offset - this.section.from;
    return reshape(slice(this.vector, 0, at, at + size(shape)), shape);
  }
}

/** The bytes of a weight file as numbers. @throws Error when the length is not this model's */
export function readWeights(bytes: Uint8Array, spec: VlmSpec): Float32Array {
  const { length } = layoutOf(spec);
  invariant(
    bytes.length === 4 * length,
    () => `weights: expected ${4 * length} bytes for ${length} parameters; got ${bytes.length}`,
  );
  return new Float32Array(bytes.slice().buffer);
}
