import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../util/prng.ts';
import type { Control, Knobs, KnobValue } from '../labs/_kit/contract/meta.ts';
import { fitKnob } from '../labs/_kit/contract/knobs.ts';
import {
  decodeLink,
  isEmbedded,
  defaultExperiment,
  encodeLink,
  FIRST_SEED,
  MAX_SEED,
  MAX_SEEDS,
  seedList,
  type LabAddress,
  type LinkMeta,
} from './link.ts';

const number = (min: number, max: number, value: number, more: object = {}): Control => ({
  kind: 'number',
  label: 'N',
  help: '',
  min,
  max,
  step: 0.01,
  default: value,
  ...more,
});

const meta: LinkMeta = {
  version: 3,
  seeds: 2,
  frozen: { 1: { tau: 0.07, batch: 64, loss: 'hard' }, 2: { tau: 99, batch: 'x' as never } },
  controls: {
    tau: { ...number(0.02, 5, 0.3, { scale: 'log' }), label: 'Temperature' },
    batch: { ...number(64, 512, 256, { integer: true }), label: 'Batch' },
    shift: { ...number(-3, 3, 0), label: 'Shift' },
    loss: {
      kind: 'choice',
      label: 'Loss',
      help: '',
      default: 'nce',
      options: [
        { value: 'nce', label: 'InfoNCE' },
        { value: 'hard', label: 'Hard' },
        { value: 'a&b=c d%', label: 'Odd' },
      ],
    },
    flip: { kind: 'toggle', label: 'Flip', help: '', default: true },
  },
};

function randomValue(control: Control, random: Prng): KnobValue {
  if (control.kind === 'toggle') return random.int(2) === 1;
  if (control.kind === 'choice') return control.options[random.int(control.options.length)].value;
  const t = random.next();
  const raw =
    control.scale === 'log'
      ? control.min * (control.max / control.min) ** t
      : control.min + t * (control.max - control.min);
  return fitKnob(control, [raw, control.min, control.max, control.default][random.int(4)]);
}

function randomExperiment(random: Prng): LabAddress {
  const knobs: Knobs = {};
  for (const [name, control] of Object.entries(meta.controls)) knobs[name] = randomValue(control, random);
  return {
    knobs,
    seed: [FIRST_SEED, 0, MAX_SEED, random.int(MAX_SEED)][random.int(4)],
    seeds: 1 + random.int(MAX_SEEDS),
    backend: (['auto', 'webgpu', 'wasm'] as const)[random.int(3)],
    layout: (['page', 'embed', 'present'] as const)[random.int(3)],
  };
}

/** What any link must give, whatever it holds. */
function expectValid(query: string) {
  const link = decodeLink(meta, query);
  expect(Object.keys(link.knobs)).toEqual(Object.keys(meta.controls));
  for (const [name, control] of Object.entries(meta.controls))
    expect(fitKnob(control, link.knobs[name])).toBe(link.knobs[name]);
  expect(seedList(link).every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  expect(link.seeds).toBeLessThanOrEqual(MAX_SEEDS);
  for (const notice of link.notices) {
    expect(notice.length).toBeLessThan(300);
    expect(notice).not.toMatch(/[<>&"'`\\]script|[<>]/);
  }
  return link;
}

describe('encode and decode', () => {
  it('decode(encode(x)) = x, without a notice, for 500 random experiments', () => {
    for (let i = 0; i < 500; i++) {
      const experiment = randomExperiment(prng(i, 'link'));
      const query = encodeLink(meta, experiment);
      expect(decodeLink(meta, query), `seed ${i}: ${query}`).toEqual({ ...experiment, notices: [] });
      expect(query.length).toBeLessThan(400);
    }
  });
  it('writes only what differs from the defaults, in a fixed order', () => {
    const plain = defaultExperiment(meta);
    expect(encodeLink(meta, plain)).toBe('v=3');
    expect(encodeLink(meta, { ...plain, seed: 7, knobs: { ...plain.knobs, flip: false, tau: 0.1 } })).toBe(
      'v=3&seed=7&tau=0.1&flip=0',
    );
  });
  it('gives the same text again after a round trip', () => {
    for (let i = 0; i < 50; i++) {
      const query = encodeLink(meta, randomExperiment(prng(i, 'again')));
      expect(encodeLink(meta, decodeLink(meta, query))).toBe(query);
    }
  });
});

describe('versions', () => {
  it('reads an old link with the defaults of its time', () => {
    const link = decodeLink(meta, 'v=1&seed=5');
    expect(link.knobs).toEqual({ tau: 0.07, batch: 64, shift: 0, loss: 'hard', flip: true });
    expect(link.notices).toEqual([]);
    expect(encodeLink(meta, link)).toBe('v=3&seed=5&tau=0.07&batch=64&loss=hard');
  });
  it('fits frozen defaults that no longer fit', () => {
    expect(decodeLink(meta, 'v=2').knobs).toMatchObject({ tau: 5, batch: 256 });
  });
  it('says so when the defaults of an old version are not kept', () => {
    const link = decodeLink({ ...meta, version: 5 }, 'v=4');
    expect(link.notices.join()).toContain('version 4');
    expect(link.knobs.tau).toBe(0.3);
  });
  it('takes what it knows of a future version and says that it is newer', () => {
    const link = decodeLink(meta, 'v=9&tau=0.1&novelty=1');
    expect(link.knobs.tau).toBe(0.1);
    expect(link.notices.some((text) => text.includes('newer version'))).toBe(true);
    expect(link.notices.some((text) => text.includes('“novelty”'))).toBe(true);
  });
});

describe('what people and programs make of a link', () => {
  it('letter case of names and choices does not matter, nor do words for flags', () => {
    const link = decodeLink(meta, 'V=3&TAU=0.1&LOSS=HARD&Flip=Off&SEED=4');
    expect(link).toMatchObject({ seed: 4, knobs: { tau: 0.1, loss: 'hard', flip: false }, notices: [] });
  });
  it('a decimal comma is one; a doubtful one gets a sentence', () => {
    expect(decodeLink(meta, 'tau=0,2')).toMatchObject({ knobs: { tau: 0.2 }, notices: [] });
    const link = decodeLink(meta, 'batch=1,000&seed=1,234');

    expect(link.seed).toBe(1234);
    expect(link.notices[0]).toMatch(/“1,000” was read as 1000/);
  });
  it.each([
    ['embed=0', false],
    ['embed=false', false],
    ['EMBED=1', true],
    ['embed=true', true],
    ['embed', false],
    ['', false],
  ])('"%s" in a frame: %s', (query, expected) => {
    expect(isEmbedded(query)).toBe(expected);
    expect(decodeLink(meta, query).layout === 'embed').toBe(expected);
  });
});

describe('bad input', () => {
  it('clamps and rounds with a notice', () => {
    const link = expectValid('v=3&tau=50&batch=100.4&shift=-1e9');
    expect(link.knobs).toMatchObject({ tau: 5, batch: 100, shift: -3 });
    expect(link.notices).toHaveLength(3);
    expect(link.notices[0]).toBe('Temperature: “50” was brought to 5, within 0.02 to 5.');
  });
  it.each(['NaN', 'Infinity', '-Infinity', '1e999', '0x10', '', 'null', '1e', '--1', '9'.repeat(50)])(
    'refuses tau=%s',
    (text) => {
      const link = expectValid(`tau=${encodeURIComponent(text)}`);
      expect(link.knobs.tau).toBe(0.3);
      expect(link.notices).toHaveLength(1);
    },
  );
  it('names a choice that does not exist, a seed and a backend that cannot be', () => {
    const link = expectValid('loss=zz&seed=-1&seeds=4000&backend=cuda&flip=maybe');
    expect(link).toMatchObject({ seed: FIRST_SEED, seeds: 2, backend: 'auto', knobs: { loss: 'nce', flip: true } });
    expect(link.notices).toHaveLength(5);
  });
  it('keeps the first of duplicate keys', () => {
    const link = expectValid('tau=0.1&tau=0.2&tau=zzz');
    expect(link.knobs.tau).toBe(0.1);
    expect(link.notices).toEqual(['The link gives “tau” more than once; the first value counts.']);
  });
  it.each([
    '<script>alert(1)</script>=1',
    'tau=<img src=x onerror=alert(1)>',
    '%',
    '%%%=%E0%A4%A',
    'tau=%FF%FE',
    '__proto__=1&constructor=2&toString=3',
    'a=1&'.repeat(400),
    `tau=${'1'.repeat(100_000)}`,
    '&&&===&',
    'v=NaN',
    'v=-1',
    'v=1e308',
    'v=1.5',
    '\u0000\u202e=\u0007',
    'tau[]=1&tau.x=2',
    'javascript:alert(1)',
    '💥=💥',
    Array.from({ length: 150 }, (_, i) => `k${i}=1`).join('&'),
    '?v=3&tau=0.5',
  ])('survives %.40s', (query) => {
    expectValid(query);
  });
  it('survives 300 random byte strings', () => {
    for (let i = 0; i < 300; i++) {
      const random = prng(i, 'garbage');
      expectValid(
        String.fromCharCode(
          ...Array.from({ length: random.int(200) }, () => (random.int(3) ? 32 + random.int(95) : random.int(65_536))),
        ),
      );
    }
  });
  it('does not let a link reach the prototype', () => {
    expectValid('__proto__=1&__proto__.polluted=1');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
