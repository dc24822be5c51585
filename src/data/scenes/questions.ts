// All questions that can be asked about a scene, their exact answers, and balanced drawing.
// The language is finite: `QUESTIONS` lists it; a question that has no clear answer in a scene is never drawn.
import type { Prng } from '../../util/prng.ts';
import type { Scene, SceneObject } from './scene.ts';
import {
  BASE,
  COLOURS,
  DIRECTIONS,
  EXTREMES,
  SHAPES,
  colourOf,
  directionOf,
  extremeOf,
  shapeOf,
  token,
} from './vocabulary.ts';

export const QUESTION_TYPES = ['attribute', 'exist', 'count', 'extreme', 'relation', 'compare'] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];
/** Counts above this are not asked. */
export const MAX_COUNT = 4;
/** Smallest lead, in scene units, of an extreme object over the next, and of a nearest neighbour over the next. */
export const CLEAR = { extreme: 3, nearest: 2 };

/** A question's words as token numbers, without padding and question mark. */
export type Words = readonly number[];
export interface Solution {
  /** Token of the answer. */
  answer: number;
  /** Indices of the objects that the answer rests on. */
  about: number[];
}
export interface Question extends Solution {
  type: QuestionType;
  words: Words;
}

const COLOUR = token('colour');
const OF = token('of');
const EXIST = token('exist');
const COUNT = token('count');
const MORE = token('more');
const YES = token('yes');
const NO = token('no');

const has = (o: SceneObject, word: number) => o.colour === colourOf(word) || o.shape === shapeOf(word);
const matching = ({ objects }: Scene, ...words: number[]) =>
  [...objects.keys()].filter((i) => words.every((w) => has(objects[i], w)));
/** "colour ..." or "shape ...": the named property of object `i`. */
const property = ({ objects }: Scene, asked: number, i: number) =>
  asked === COLOUR ? BASE.colour + objects[i].colour : BASE.shape + objects[i].shape;

/** How far an object lies in a direction: left, right, above, below. */
const along = (x: number, y: number, direction: number) => [-x, x, -y, y][direction];
const across = (x: number, y: number, direction: number) => Math.abs(direction < 2 ? y : x);

function extreme({ objects }: Scene, direction: number): number | null {
  const reach = objects.map((o) => along(o.x, o.y, direction));
  const best = reach.indexOf(Math.max(...reach));
  return reach.every((r, i) => i === best || reach[best] - r >= CLEAR.extreme) ? best : null;
}

/** The nearest object within 45 degrees of a direction; null when there is none or when it is not clear. */
function neighbour({ objects }: Scene, from: number, direction: number): number | null {
  let best = -1;
  let bestAt = Infinity;
  const rivals: [i: number, distance: number][] = [];
  objects.forEach((o, i) => {
    const x = o.x - objects[from].x;
    const y = o.y - objects[from].y;
    const forward = along(x, y, direction);
    const side = across(x, y, direction);
    if (i === from || forward <= 0.85 * side) return;
    const distance = Math.sqrt(x * x + y * y);
    rivals.push([i, distance]);
    if (forward >= 1.15 * side && distance < bestAt) {
      best = i;
      bestAt = distance;
    }
  });
  return best >= 0 && rivals.every(([i, d]) => i === best || d - bestAt >= CLEAR.nearest) ? best : null;
}

const single = (found: number[]): number | null => (found.length === 1 ? found[0] : null);
const told = (answer: number, about: number[]): Solution => ({ answer, about });

/** "colour of circle", "shape of leftmost", "colour left of red ring": the asked property of one object. */
function solveProperty(scene: Scene, words: Words): Solution | null {
  const [asked, second, third] = words;
  if (second === OF) {
    const i = extremeOf(third) >= 0 ? extreme(scene, extremeOf(third)) : single(matching(scene, third));
    return i === null ? null : told(property(scene, asked, i), [i]);
  }
  const from = single(matching(scene, ...words.slice(-2)));
  const i = from === null ? null : neighbour(scene, from, directionOf(second));
  return from === null || i === null ? null : told(property(scene, asked, i), [i, from]);
}

/** The answer to a question of `QUESTIONS`, or null when the scene gives no clear one. */
export function solve(scene: Scene, words: Words): Solution | null {
  const yesNo = (yes: boolean, about: number[]) => told(yes ? YES : NO, about);
  switch (words[0]) {
    case EXIST: {
      const found = matching(scene, words[1], words[2]);
      return yesNo(found.length > 0, found);
    }
    case COUNT: {
      const found = matching(scene, words[1]);
      return found.length > MAX_COUNT ? null : told(BASE.digit + found.length, found);
    }
    case MORE: {
      const a = matching(scene, words[1]);
      const b = matching(scene, words[3]);
      return yesNo(a.length > b.length, [...a, ...b]);
    }
    default:
      return solveProperty(scene, words);
  }
}

/** One way of asking: questions that share a frame and a set of answers. */
export interface Kind {
  type: QuestionType;
  name: string;
  questions: Words[];
}

function listKinds(): Kind[] {
  const ids = (base: number, list: readonly unknown[]) => list.map((_, i) => base + i);
  const colours = ids(BASE.colour, COLOURS);
  const shapes = ids(BASE.shape, SHAPES);
  const things = colours.flatMap((c) => shapes.map((s) => [c, s]));
  const pairs = (of: number[]) => of.flatMap((a) => of.filter((b) => b !== a).map((b) => [MORE, a, token('than'), b]));
  const both = (type: QuestionType, make: (asked: number) => Words[]): Kind[] =>
    ['colour', 'shape'].map((name) => ({ type, name: `${name} by ${type}`, questions: make(token(name)) }));
  return [
    { type: 'attribute', name: 'colour of a shape', questions: shapes.map((s) => [COLOUR, OF, s]) },
    { type: 'attribute', name: 'shape of a colour', questions: colours.map((c) => [token('shape'), OF, c]) },
    { type: 'exist', name: 'exist', questions: things.map((t) => [EXIST, ...t]) },
    { type: 'count', name: 'count a colour', questions: colours.map((c) => [COUNT, c]) },
    { type: 'count', name: 'count a shape', questions: shapes.map((s) => [COUNT, s]) },
    ...both('extreme', (asked) => ids(BASE.extreme, EXTREMES).map((e) => [asked, OF, e])),
    ...both('relation', (asked) =>
      ids(BASE.direction, DIRECTIONS).flatMap((d) =>
        things.map((t) => [asked, d, ...(directionOf(d) < 2 ? [OF] : []), ...t]),
      ),
    ),
    { type: 'compare', name: 'compare colours', questions: pairs(colours) },
    { type: 'compare', name: 'compare shapes', questions: pairs(shapes) },
  ];
}
export const KINDS: readonly Kind[] = listKinds();
/** The whole language. */
export const QUESTIONS: readonly { type: QuestionType; words: Words }[] = KINDS.flatMap(({ type, questions }) =>
  questions.map((words) => ({ type, words })),
);

/** How often a count is drawn where it can be, so that 0..4 come out equally often over scenes of 3 to 6 objects (a test measures it). */
const COUNT_WEIGHTS: Record<string, readonly number[]> = {
  'count a colour': [1, 1.25, 2.42, 4.93, 5.67],
  'count a shape': [1, 1.35, 2.2, 3.49, 6.15],
};
const weightOf = (kind: Kind, answer: number) => COUNT_WEIGHTS[kind.name]?.[answer - BASE.digit] ?? 1;

/** Questions of a scene that say little: they name nothing, or only one property, that the scene holds. */
function isDull(scene: Scene, { words, answer }: Question): boolean {
  if (words[0] === EXIST)
    return answer === NO && !(matching(scene, words[1]).length && matching(scene, words[2]).length);
  return words[0] === MORE && matching(scene, words[1]).length + matching(scene, words[3]).length === 0;
}

function drawWeighted<T>(rng: Prng, entries: readonly T[], weight: (entry: T) => number): T {
  let left = rng.next() * entries.reduce((sum, e) => sum + weight(e), 0);
  return entries.find((e) => (left -= weight(e)) < 0) ?? entries[entries.length - 1];
}

/** The questions about one scene, by kind and answer; solved when first asked for. */
export class QuestionBook {
  private readonly answers = new Map<Kind, Map<number, Question[]>>();
  readonly scene: Scene;
  constructor(scene: Scene) {
    this.scene = scene;
  }

  /** Answer token -> the questions of this kind that have it. */
  byAnswer(kind: Kind): Map<number, Question[]> {
    let groups = this.answers.get(kind);
    if (groups) return groups;
    this.answers.set(kind, (groups = new Map()));
    for (const words of kind.questions) {
      const found = solve(this.scene, words);
      if (!found) continue;
      const list = groups.get(found.answer);
      if (list) list.push({ type: kind.type, words, ...found });
      else groups.set(found.answer, [{ type: kind.type, words, ...found }]);
    }
    return groups;
  }

  /** A question of this kind and, if told, with this answer; null when the scene offers none. */
  drawKind(rng: Prng, kind: Kind, answer?: number): Question | null {
    const groups = this.byAnswer(kind);
    if (!groups.size || (answer !== undefined && !groups.has(answer))) return null;
    const list = groups.get(answer ?? drawWeighted(rng, [...groups.keys()], (a) => weightOf(kind, a)))!;
    let question = list[rng.int(list.length)];
    for (let again = 0; again < 2 && isDull(this.scene, question); again++) question = list[rng.int(list.length)];
    return question;
  }

  /** A question of one of `types`, each type and each of its kinds equally likely where the scene offers it. */
  draw(rng: Prng, types: readonly QuestionType[] = QUESTION_TYPES): Question | null {
    for (const t of rng.permutation(types.length)) {
      const kinds = KINDS.filter((k) => k.type === types[t]);
      for (const k of rng.permutation(kinds.length)) {
        const question = this.drawKind(rng, kinds[k]);
        if (question) return question;
      }
    }
    return null;
  }
}
