// Batches for training and tests: patches, packed questions with their block mask, patch labels, fixed test sets.
import type { Prng } from '../../util/prng.ts';
import { prng } from '../../util/prng.ts';
import { KINDS, QUESTION_TYPES, QuestionBook, type Kind, type Question, type QuestionType } from './questions.ts';
import { renderScene, type RenderedScene } from './render.ts';
import type { Sprites } from './sprites.ts';
import { drawScene, SCENE_UNITS, type Scene, type SceneObject, type SceneOptions } from './scene.ts';
import { BASE, COLOURS, QUESTION_LENGTH, SHAPES, encodeQuestion, token } from './vocabulary.ts';

/** Picture size and patch size in pixels. */
export interface PatchGrid {
  size: number;
  patch: number;
}
export const GRIDS = {
  mini: { size: 48, patch: 6 },
  standard: { size: 96, patch: 8 },
  large: { size: 192, patch: 8 },
} satisfies Record<string, PatchGrid>;
/** Image tokens. */
export const patchCount = ({ size, patch }: PatchGrid): number => (size / patch) ** 2;
/** Values per patch. */
export const patchWidth = ({ patch }: PatchGrid): number => 3 * patch * patch;

/** [size, size, 3] bytes -> [patches, patch * patch * 3] in -1..1, patches row by row, written to `out` at `offset`. */
export function writePatches(rgb: Uint8Array, { size, patch }: PatchGrid, out: Float32Array, offset = 0): void {
  const row = patch * 3;
  let at = offset;
  for (let py = 0; py < size; py += patch)
    for (let px = 0; px < size; px += patch)
      for (let y = 0; y < patch; y++) {
        const from = ((py + y) * size + px) * 3;
        for (let i = 0; i < row; i++) out[at++] = rgb[from + i] / 127.5 - 1;
      }
}

/** Per patch the object that covers most of it, if that is at least a quarter of the patch; else -1. */
export function patchOwners({ owner }: RenderedScene, { size, patch }: PatchGrid): Int8Array {
  const side = size / patch;
  const out = new Int8Array(side * side).fill(-1);
  const cover = new Int32Array(17);
  for (let p = 0; p < out.length; p++) {
    cover.fill(0);
    const top = Math.floor(p / side) * patch;
    const left = (p % side) * patch;
    for (let y = top; y < top + patch; y++) for (let x = left; x < left + patch; x++) cover[owner[y * size + x] + 1]++;
    for (let k = 1; k < 17; k++)
      if (cover[k] * 4 >= patch * patch && (out[p] < 0 || cover[k] > cover[out[p] + 1])) out[p] = k - 1;
  }
  return out;
}

export interface PackedBatch {
  /** [batch, patches, patchWidth], -1..1. */
  patches: Float32Array;
  /** [batch, perImage * QUESTION_LENGTH] tokens. */
  questions: Int32Array;
  /** [batch, perImage] answer tokens. */
  answers: Int32Array;
  /** [batch, perImage] index into QUESTION_TYPES. */
  types: Uint8Array;
  /** [batch, patches] colour of the patch's object; COLOURS.length where there is none. */
  patchColours: Int32Array;
  /** [batch, patches] shape of the patch's object; SHAPES.length where there is none. */
  patchShapes: Int32Array;
  /** [batch, perImage] patch under the centre of the object that a relation starts from; the number of patches for other questions. */
  reference: Int32Array;
  /** [batch, perImage] patch under the centre of the object whose property is asked; the number of patches for other questions. */
  target: Int32Array;
}

/** Types that ask for a property of one object. */
const ONE_OBJECT: ReadonlySet<QuestionType> = new Set(['attribute', 'extreme', 'relation']);

/** Empty arrays of a packed batch. */
export function emptyBatch(grid: PatchGrid, batch: number, perImage: number): PackedBatch {
  const n = batch * patchCount(grid);
  const q = batch * perImage;
  return {
    patches: new Float32Array(n * patchWidth(grid)),
    questions: new Int32Array(q * QUESTION_LENGTH),
    answers: new Int32Array(q),
    types: new Uint8Array(q),
    patchColours: new Int32Array(n),
    patchShapes: new Int32Array(n),
    reference: new Int32Array(q).fill(patchCount(grid)),
    target: new Int32Array(q).fill(patchCount(grid)),
  };
}

/** The patch under an object's centre. */
function patchOf({ x, y }: SceneObject, { size, patch }: PatchGrid): number {
  const side = size / patch;
  const cell = (at: number) => Math.min(side - 1, Math.floor((at / SCENE_UNITS) * side));
  return cell(y) * side + cell(x);
}

/** Writes one picture with its questions as row `row` of the batch. */
export function writeRow(
  batch: PackedBatch,
  row: number,
  grid: PatchGrid,
  scene: Scene,
  questions: readonly Question[],
  sprites?: Sprites,
): void {
  const picture = renderScene(scene, grid.size, sprites);
  const n = patchCount(grid);
  const Q = questions.length;
  writePatches(picture.rgb, grid, batch.patches, row * n * patchWidth(grid));
  patchOwners(picture, grid).forEach((k, p) => {
    batch.patchColours[row * n + p] = k < 0 ? COLOURS.length : scene.objects[k].colour;
    batch.patchShapes[row * n + p] = k < 0 ? SHAPES.length : scene.objects[k].shape;
  });
  questions.forEach((question, i) => {
    batch.questions.set(encodeQuestion(question.words), (row * Q + i) * QUESTION_LENGTH);
    batch.answers[row * Q + i] = question.answer;
    batch.types[row * Q + i] = QUESTION_TYPES.indexOf(question.type);
    if (!ONE_OBJECT.has(question.type)) return;
    const [target, reference] = question.about;
    batch.target[row * Q + i] = patchOf(scene.objects[target], grid);
    if (reference !== undefined) batch.reference[row * Q + i] = patchOf(scene.objects[reference], grid);
  });
}

export interface BatchOptions extends SceneOptions {
  grid: PatchGrid;
  batch: number;
  perImage: number;
  types?: readonly QuestionType[];
}

/** A scene with `count` questions of the given types; scenes that offer none are drawn again. */
export function drawAsked(
  rng: Prng,
  count: number,
  types: readonly QuestionType[] = QUESTION_TYPES,
  options: SceneOptions = {},
): { scene: Scene; questions: Question[] } {
  for (;;) {
    const scene = drawScene(rng, options);
    const book = new QuestionBook(scene);
    const first = book.draw(rng, types);
    if (!first) continue;
    return { scene, questions: [first, ...Array.from({ length: count - 1 }, () => book.draw(rng, types)!)] };
  }
}

/** A fresh batch of pictures, each with `perImage` questions. */
export function packedBatch(rng: Prng, { grid, batch, perImage, types, ...options }: BatchOptions): PackedBatch {
  const out = emptyBatch(grid, batch, perImage);
  for (let b = 0; b < batch; b++) {
    const { scene, questions } = drawAsked(rng, perImage, types, options);
    writeRow(out, b, grid, scene, questions);
  }
  return out;
}

/** Positions of a packed sequence: the image 0..n-1, and every question from n on. */
export function packedPositions(image: number, perImage: number): Int32Array {
  return Int32Array.from({ length: image + perImage * QUESTION_LENGTH }, (_, i) =>
    i < image ? i : image + ((i - image) % QUESTION_LENGTH),
  );
}

/** Additive mask [T, T] of a packed sequence: causal, and a question sees the image and itself only. */
export function packedMask(image: number, perImage: number): Float32Array {
  const T = image + perImage * QUESTION_LENGTH;
  const block = (i: number) => (i < image ? -1 : Math.floor((i - image) / QUESTION_LENGTH));
  return Float32Array.from({ length: T * T }, (_, at) => {
    const row = Math.floor(at / T);
    const column = at % T;
    return column <= row && (block(column) === -1 || block(column) === block(row)) ? 0 : -1e9;
  });
}

/** Every answer that a kind of question can have. */
export function answersOf({ type, name }: Kind): number[] {
  const span = (base: number, count: number) => Array.from({ length: count }, (_, i) => base + i);
  if (type === 'exist' || type === 'compare') return [token('yes'), token('no')];
  if (type === 'count') return span(BASE.digit, 5);
  return name.startsWith('colour') ? span(BASE.colour, COLOURS.length) : span(BASE.shape, SHAPES.length);
}

export interface TestItem {
  scene: Scene;
  question: Question;
}
export interface TestOptions extends SceneOptions {
  types?: readonly QuestionType[];
}

/** Draws scenes until one offers a question of this kind with this answer. */
function drawWith(rng: Prng, kind: Kind, answer: number, options: SceneOptions): TestItem {
  for (;;) {
    const scene = drawScene(rng, options);
    const question = new QuestionBook(scene).drawKind(rng, kind, answer);
    if (question) return { scene, question };
  }
}

/** `count` pictures with one question each, types in turn and answers flat within each kind. The seed alone fixes the set. */
export function testSet(
  seed: number,
  count: number,
  { types = QUESTION_TYPES, ...options }: TestOptions = {},
): TestItem[] {
  const rng = prng(seed, 'scenes', 'test');
  return Array.from({ length: count }, (_, i) => {
    const kinds = KINDS.filter((k) => k.type === types[i % types.length]);
    const kind = kinds[Math.floor(i / types.length) % kinds.length];
    const answers = answersOf(kind);
    return drawWith(rng, kind, answers[rng.int(answers.length)], options);
  });
}
