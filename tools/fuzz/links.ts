// Links: whatever stands behind "#" gives a page, and valid settings that make a proper link again.
import { decodeLink, encodeLink, MAX_SEED, MAX_SEEDS, seedList } from '../../src/app/link.ts';
import { repairHash } from '../../src/app/link-repair.ts';
import { parseRoute } from '../../src/app/router.ts';
import { packRun, splitRun, unpackRun } from '../../src/app/store/run-file.ts';
import { fitKnob } from '../../src/labs/_kit/contract/knobs.ts';
import type { Control } from '../../src/labs/_kit/contract/meta.ts';
import type { Prng } from '../../src/util/prng.ts';
import { fuzzLabs, type FuzzLab } from './labs.ts';
import { mutateText, ODD, pick } from './mutate.ts';
import { shorterTexts, type FuzzTarget } from './target.ts';

export async function linkTarget(): Promise<FuzzTarget<string>> {
  const labs = await fuzzLabs();
  const packed = await Promise.all(labs.map(({ recorded }) => (recorded ? packRun(recorded) : null)));
  return {
    limitMs: 100,
    make: (random) => mutateText(random, linkOf(random, labs, packed)),
    run: (hash) => open(hash, labs),
    shrink: shorterTexts,
    show: (hash) => JSON.stringify(hash.length > 300 ? `${hash.slice(0, 300)}…` : hash),
  };
}

function linkOf(random: Prng, labs: FuzzLab[], packed: (string | null)[]): string {
  const index = random.int(labs.length);
  const { meta } = labs[index];
  const names = ['v', 'seed', 'seeds', 'backend', 'embed', 'present', ...Object.keys(meta.controls), ...ODD];
  const pairs = Array.from({ length: random.int(8) }, () => {
    const name = pick(random, names);
    return `${name}=${valueOf(random, Object.hasOwn(meta.controls, name) ? meta.controls[name] : null)}`;
  });
  if (packed[index] && random.next() < 0.1) pairs.push(`x=${mutateText(random, packed[index])}`);
  return `#/lab/${meta.slug}?${pairs.join(pick(random, ['&', '&', '&', '&amp;', '%26']))}`;
}
function valueOf(random: Prng, control: Control | null): string {
  if (random.next() < 0.3) return encodeSafely(pick(random, ODD));
  if (control?.kind === 'choice') return pick(random, control.options).value;
  return String(pick(random, [random.int(1e7), random.normal() * 10 ** random.int(12), '1,5', 'true']));
}
const encodeSafely = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '%ED%A0%80'));

async function open(hash: string, labs: FuzzLab[]): Promise<string> {
  const route = parseRoute(repairHash(hash));
  const lab = route.page === 'lab' ? labs.find(({ meta }) => meta.slug === route.slug) : null;
  if (!lab) return route.page === 'lab' ? 'no such lab' : `page ${route.page}`;
  const { query, packed } = splitRun(route.query);
  const { notices, ...settings } = decodeLink(lab.meta, query);
  for (const [name, control] of Object.entries(lab.meta.controls))
    if (!Object.is(fitKnob(control, settings.knobs[name]), settings.knobs[name]))
      throw new RangeError(`${name}: expected a possible value; got ${String(settings.knobs[name])}`);
  if (seedList(settings).some((seed) => !Number.isInteger(seed) || seed < 0 || seed > MAX_SEED + MAX_SEEDS))
    throw new RangeError(`expected possible seeds; got ${settings.seed}`);
  const again = decodeLink(lab.meta, encodeLink(lab.meta, settings));
  if (JSON.stringify({ ...again, notices: [] }) !== JSON.stringify({ ...settings, notices: [] }))
    throw new RangeError('expected the same settings from the link that they make');
  if (notices.some((text) => text.length > 1000)) throw new RangeError('expected short notices');
  if (packed === null) return notices.length ? 'settings, with notices' : 'settings';
  return 'run' in (await unpackRun(lab.meta, packed)) ? 'a run' : 'a run that cannot be read';
}
