// The scenes' exactness: answers against a checker written apart, balance, determinism, the closed vocabulary.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { prng } from '../../util/prng.ts';
import {
  GRIDS,
  answersOf,
  drawAsked,
  packedBatch,
  packedMask,
  packedPositions,
  patchCount,
  patchOwners,
  patchWidth,
  testSet,
} from './pack.ts';
import { parseQuestion } from './parse.ts';
import { KINDS, QUESTIONS, QUESTION_TYPES, QuestionBook, type Question } from './questions.ts';
import { renderScene } from './render.ts';
import { drawScene, type Scene } from './scene.ts';
import { COLOURS, QUESTION_LENGTH, SHAPES, WORDS, decode, encodeQuestion, token } from './vocabulary.ts';

const sha = (bytes: ArrayBufferView) =>
  createHash('sha256')
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest('hex')
    .slice(0, 16);

/** Answers by words and by looking at every pair of objects: shares no code with questions.ts. Throws where the question is not clear. */
function bruteForce(scene: Scene, question: string): string {
  const list = scene.objects.map((o) => ({
    colour: COLOURS[o.colour] as string,
    shape: SHAPES[o.shape] as string,
    x: o.x,
    y: o.y,
  }));
  type Thing = (typeof list)[number];
  const like = (...words: string[]) => list.filter((o) => words.every((w) => o.colour === w || o.shape === w));
  const only = (found: Thing[]): Thing => {
    if (found.length !== 1) throw new Error('not one object');
    return found[0];
  };
  const ahead: Record<
    string,
    (from: { x: number; y: number }, to: { x: number; y: number }) => [forward: number, side: number]
  > = {
    left: (a, b) => [a.x - b.x, Math.abs(a.y - b.y)],
    right: (a, b) => [b.x - a.x, Math.abs(a.y - b.y)],
    above: (a, b) => [a.y - b.y, Math.abs(a.x - b.x)],
    below: (a, b) => [b.y - a.y, Math.abs(a.x - b.x)],
  };
  const w = question.replace(' ?', '').split(' ');
  if (w[0] === 'exist') return like(w[1], w[2]).length ? 'yes' : 'no';
  if (w[0] === 'count') return String(like(w[1]).length);
  if (w[0] === 'more') return like(w[1]).length > like(w[3]).length ? 'yes' : 'no';
  const asked = w[0] as 'colour' | 'shape';
  if (w[1] === 'of') {
    const end: Record<string, (a: Thing, b: Thing) => number> = {
      leftmost: (a, b) => a.x - b.x,
      rightmost: (a, b) => b.x - a.x,
      topmost: (a, b) => a.y - b.y,
      bottommost: (a, b) => b.y - a.y,
    };
    if (!(w[2] in end)) return only(like(w[2]))[asked];
    const [best, next] = [...list].sort(end[w[2]]);
    if (end[w[2]](next, best) < 3) throw new Error('extreme is not clear');
    return best[asked];
  }
  const from = only(like(...w.slice(-2)));
  const far = (o: Thing) => Math.hypot(o.x - from.x, o.y - from.y);
  const candidates = list
    .filter((o) => o !== from && ahead[w[1]](from, o)[0] > 0.85 * ahead[w[1]](from, o)[1])
    .sort((a, b) => far(a) - far(b));
  if (candidates.length > 1 && far(candidates[1]) - far(candidates[0]) < 2) throw new Error('neighbour is not clear');
  const [forward, side] = ahead[w[1]](from, candidates[0]);
  if (forward < 1.15 * side) throw new Error('direction is not clear');
  return candidates[0][asked];
}

const share = (values: string[]) => {
  const n = new Map<string, number>();
  for (const v of values) n.set(v, (n.get(v) ?? 0) + 1);
  return Math.max(...n.values()) / values.length;
};
const sample = (count: number): Question[] => {
  const rng = prng(3, 'balance');
  return Array.from({ length: count }, () => drawAsked(rng, 1).questions[0]);
};

describe('answers', () => {
  it('agree with a brute-force checker for every question that the scenes offer', () => {
    const rng = prng(11, 'check');
    let checked = 0;
    for (let i = 0; i < 150; i++) {
      const scene = drawScene(rng, i % 3 === 0 ? { min: 8, max: 10 } : {});
      const book = new QuestionBook(scene);
      for (const kind of KINDS)
        for (const [answer, list] of book.byAnswer(kind))
          for (const q of list) {
            expect(bruteForce(scene, decode(encodeQuestion(q.words)))).toBe(WORDS[answer]);
            checked++;
          }
    }
    expect(checked).toBeGreaterThan(15_000);
  });

  it('are never offered where the checker finds the question unclear, and always where it does not', () => {
    const rng = prng(12, 'check');
    for (let i = 0; i < 40; i++) {
      const scene = drawScene(rng);
      const book = new QuestionBook(scene);
      const offered = new Set(KINDS.flatMap((k) => [...book.byAnswer(k).values()].flat().map((q) => q.words.join())));
      for (const { words } of QUESTIONS) {
        let clear = true;
        try {
          bruteForce(scene, decode(words));
        } catch {
          clear = false;
        }
        const tooMany = words[0] === token('count') && clear && Number(bruteForce(scene, decode(words))) > 4;
        expect(offered.has(words.join()), decode(words)).toBe(clear && !tooMany);
      }
    }
  });

  it('name the objects that they rest on', () => {
    const rng = prng(13, 'about');
    for (let i = 0; i < 300; i++) {
      const {
        scene,
        questions: [q],
      } = drawAsked(rng, 1);
      const on = q.about.map((k) => scene.objects[k]);
      const answer = WORDS[q.answer];
      if (q.type === 'count') expect(String(on.length)).toBe(answer);
      if (q.type === 'exist') expect(on.length > 0).toBe(answer === 'yes');
      if (['attribute', 'extreme', 'relation'].includes(q.type))
        expect([COLOURS[on[0].colour], SHAPES[on[0].shape]]).toContain(answer);
    }
  });
});

describe('balance', () => {
  const drawn = sample(12_000);
  const of = (type: string) => drawn.filter((q) => q.type === type);

  it('asks each type about equally often', () => {
    for (const type of QUESTION_TYPES) expect(of(type).length / drawn.length).toBeGreaterThan(0.13);
  });

  it('draws flat answers: the majority answer of a frame stays near chance', () => {
    for (const kind of KINDS) {
      const chance = 1 / answersOf(kind).length;
      const first = new Set(kind.questions.map((w) => w.join()));
      const answers = drawn.filter((q) => first.has(q.words.join())).map((q) => WORDS[q.answer]);
      expect(share(answers), kind.name).toBeLessThan(chance + 0.04);
    }
  });

  it('leaves a guesser who reads only the question near chance', () => {
    const many = sample(30_000).filter((q) => q.type !== 'relation' && q.type !== 'compare'); // too many questions to estimate each one's share
    const groups = new Map<string, Question[]>();
    for (const q of many) groups.set(q.words.join(), [...(groups.get(q.words.join()) ?? []), q]);
    let right = 0;
    let chance = 0;
    for (const group of groups.values()) {
      const kind = KINDS.find((k) => k.questions.some((w) => w.join() === group[0].words.join()))!;
      right += share(group.map((q) => WORDS[q.answer])) * group.length;
      chance += group.length / answersOf(kind).length;
    }
    expect(right / many.length).toBeLessThan(chance / many.length + 0.04);
  });

  it('gives fixed test sets with types in turn and flat answers', () => {
    const set = testSet(1, 600);
    for (const type of QUESTION_TYPES) expect(set.filter((i) => i.question.type === type)).toHaveLength(100);
    const counts = testSet(2, 1000, { types: ['count'] }).map((i) => WORDS[i.question.answer]);
    expect(share(counts)).toBeLessThan(0.25);
    expect(testSet(1, 20)).toEqual(set.slice(0, 20));
    expect(testSet(4, 20)).not.toEqual(set.slice(0, 20));
  });
});

describe('pictures', () => {
  it('are the same bytes from the same seed (golden hashes of this renderer, 48, 96 and 192 pixels)', () => {
    const scene = drawScene(prng(5, 'golden'));
    expect([48, 96, 192].map((size) => sha(renderScene(scene, size).rgb))).toEqual([
      '9054d233fd5483ac',
      'cc7c277f8c1d1b09',
      'd93bff50294f350e',
    ]);
    const batch = packedBatch(prng(5, 'golden'), { grid: GRIDS.mini, batch: 4, perImage: 8 });
    expect([batch.patches, batch.questions, batch.answers].map(sha)).toEqual([
      'bbd967c07ef5e56f',
      '7277d15d50eb772f',
      '2b3d8f59bb564ad2',
    ]);
  });

  it('show each object in its colour where it stands, and nothing else', () => {
    const rng = prng(6, 'look');
    for (let i = 0; i < 30; i++) {
      const scene = drawScene(rng);
      const { rgb, owner, size } = renderScene(scene, 96);
      for (const [k, o] of scene.objects.entries()) {
        const mine = [...owner.keys()].filter((at) => owner[at] === k);
        const cx = mine.reduce((s, at) => s + (at % size) + 0.5, 0) / mine.length / 2;
        const cy = mine.reduce((s, at) => s + Math.floor(at / size) + 0.5, 0) / mine.length / 2;
        expect(Math.hypot(cx - o.x, cy - o.y)).toBeLessThan(1.5);
        const mean = [0, 1, 2].map((c) => mine.reduce((s, at) => s + rgb[at * 3 + c], 0) / mine.length / 255);
        const nearest = Object.entries({
          red: [0.9, 0.1, 0.1],
          green: [0.1, 0.7, 0.2],
          blue: [0.15, 0.3, 0.95],
          yellow: [0.95, 0.85, 0.1],
          purple: [0.8, 0.2, 0.8],
          cyan: [0.1, 0.8, 0.8],
          orange: [1, 0.55, 0.1],
          white: [0.95, 0.95, 0.95],
        }).sort(
          ([, a], [, b]) => Math.hypot(...a.map((v, c) => v - mean[c])) - Math.hypot(...b.map((v, c) => v - mean[c])),
        )[0][0];
        expect(nearest).toBe(COLOURS[o.colour]);
      }
      expect(new Set(owner).size).toBe(scene.objects.length + 1);
    }
  });

  it('label the patches by the object that covers them', () => {
    const rng = prng(7, 'patches');
    for (const grid of Object.values(GRIDS)) {
      const scene = drawScene(rng);
      const labels = patchOwners(renderScene(scene, grid.size), grid);
      const side = grid.size / grid.patch;
      for (const [k, o] of scene.objects.entries())
        if (o.shape !== SHAPES.indexOf('ring')) {
          const unit = 48 / side;
          expect(labels[Math.floor(o.y / unit) * side + Math.floor(o.x / unit)]).toBe(k);
        }
    }
  });

  it('keep up with training: 2,000 pictures with 8 questions a second on one core', () => {
    const rng = prng(8, 'speed');
    packedBatch(rng, { grid: GRIDS.mini, batch: 200, perImage: 8 });
    const start = performance.now();
    packedBatch(rng, { grid: GRIDS.mini, batch: 400, perImage: 8 });
    expect((400 / (performance.now() - start)) * 1000).toBeGreaterThan(300); // far below the aim: shared machines are slow
  });
});

describe('packing', () => {
  it('lets a question see the image and itself only, and restarts positions', () => {
    const n = 4;
    const Q = 3;
    const T = n + Q * QUESTION_LENGTH;
    const mask = packedMask(n, Q);
    const sees = (a: number, b: number) => mask[a * T + b] === 0;
    expect(sees(n, 0)).toBe(true);
    expect(sees(0, n)).toBe(false);
    expect(sees(n + QUESTION_LENGTH, n)).toBe(false);
    expect(sees(n + QUESTION_LENGTH + 2, n + QUESTION_LENGTH)).toBe(true);
    expect(sees(n + QUESTION_LENGTH, n + QUESTION_LENGTH + 2)).toBe(false);
    expect([...packedPositions(n, Q)].slice(n)).toEqual(Array.from({ length: Q }, () => [4, 5, 6, 7, 8, 9]).flat());
  });

  it('fills arrays of the stated sizes with closed tokens, the question mark last', () => {
    const grid = GRIDS.standard;
    const b = packedBatch(prng(9, 'pack'), { grid, batch: 3, perImage: 5 });
    expect(b.patches).toHaveLength(3 * patchCount(grid) * patchWidth(grid));
    expect(b.patches.every((v) => v >= -1 && v <= 1)).toBe(true);
    for (let q = 0; q < 15; q++) expect(WORDS[b.questions[q * QUESTION_LENGTH + QUESTION_LENGTH - 1]]).toBe('?');
    for (const t of [...b.questions, ...b.answers]) expect(WORDS[t]).toBeDefined();
    expect(Math.max(...b.patchColours)).toBe(COLOURS.length);
    expect(Math.max(...b.patchShapes)).toBe(SHAPES.length);
  });
});

describe('typed questions', () => {
  it('reads the whole language, as written and in other words', () => {
    for (const { words, type } of QUESTIONS)
      expect(parseQuestion(decode(encodeQuestion(words)))).toEqual({ ok: true, type, words });
    const read = (text: string) => {
      const p = parseQuestion(text);
      return p.ok ? decode(p.words) : p.message;
    };
    expect(read('What color is the circle?')).toBe('colour of circle');
    expect(read('How many red objects are there?')).toBe('count red');
    expect(read('Is there a red square?')).toBe('exist red square');
    expect(read('Are there more crosses than rings?')).toBe('more cross than ring');
    expect(read('Which shape is the leftmost one?')).toBe('shape of leftmost');
    expect(read('What colour is the thing above the green ring?')).toBe('colour above green ring');
  });

  it('says which words exist otherwise', () => {
    expect(parseQuestion('colour of the elephant')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/"elephant".*circle, square/),
    });
    expect(parseQuestion('red red red')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/cannot be asked/),
    });
  });

  it.each([
    ["What's the colour of the circle?", 'colour of circle'],
    ['What\u2019s the COLOUR of the circle ?', 'colour of circle'],
    ['WHATS THE COLOR OF THE CIRCLE', 'colour of circle'],
    ['\u201cWhat\u00b4s the colour of the circle\u201d', 'colour of circle'],
    ['\uff37\uff48\uff41\uff54 colour is the circle\uff1f', 'colour of circle'],
    ['  ¿¿ c\u00f3lo\u00fcr --- of, the... circle!!! ', 'colour of circle'],
    ['colo\u0301ur of cir\u200bcle', 'colour of circle'],
    ["the circle's colour", 'colour of circle'],
    ['the colour of the left-most thing', 'colour of leftmost'],
    ['Which shape is the left most one?', 'shape of leftmost'],
    ["There's a red square?", 'exist red square'],
    ['How many of the rings, please', 'count ring'],
  ])('understands %s', (text, words) => {
    const parsed = parseQuestion(text);
    expect(parsed.ok ? decode(parsed.words) : parsed.message).toBe(words);
  });

  it.each([
    ['', /no words/],
    ['???', /no words/],
    ['\ud83d\udd34 \ud800', /no words/],
    ['what is it?', /names nothing/],
    [
      '\u043a\u0440\u0430\u0441\u043d\u044b\u0439 \u043a\u0440\u0443\u0433?',
      /English words, and not "\u043a\u0440\u0430\u0441\u043d\u044b\u0439", "\u043a\u0440\u0443\u0433"/,
    ],
    ['colour of \u5186', /English words, and not "\u5186"/],
    ["isn't there a red square?", /does not know "not"/],
    ['constructor', /does not know "constructor"/],
    ['colour of __proto__', /does not know "proto"/],
    ['what is the toString valueOf hasOwnProperty', /does not know "tostring", "valueof", "hasownproperty"/],
    ['red red red', /cannot be asked "red red red"/],
    ['x'.repeat(100_000), /^The model does not know "x{40}…"\./],
  ])('says what can be asked instead of %j', (text, message) => {
    const parsed = parseQuestion(text);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringMatching(message) });
    expect(parsed).toMatchObject({ message: expect.stringContaining('Ask for example: "colour of circle"') });
  });
});
