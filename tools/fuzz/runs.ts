// Run files: damaged recordings give a run that the page can show, link and save, or a sentence.
import { encodeLink, defaultExperiment } from '../../src/app/link.ts';
import { csvOf } from '../../src/app/charts/export.ts';
import { finalValues, metricsIn, seedBand, spreadOf } from '../../src/app/charts/series.ts';
import { runId, runName } from '../../src/app/store/pins.ts';
import { lightRun, readRun } from '../../src/app/store/run-file.ts';
import type { LabMeta } from '../../src/labs/_kit/contract/meta.ts';
import type { RunResult } from '../../src/labs/_kit/contract/result.ts';
import { fuzzLabs } from './labs.ts';
import { mutateJson, mutateText, pick } from './mutate.ts';
import { shorterTexts, type FuzzTarget } from './target.ts';

interface RunCase {
  meta: LabMeta;
  json: string;
}

export async function runTarget(): Promise<FuzzTarget<RunCase>> {
  const labs = (await fuzzLabs()).flatMap(({ meta, recorded }) =>
    recorded ? [{ meta, light: lightRun({ ...recorded, pictures: undefined }) }] : [],
  );
  return {
    limitMs: 1000,
    make(random) {
      const { meta, light } = pick(random, labs);
      // a few arms and short curves, so that the rest is damaged more often
      const small = {
        ...light,
        arms: light.arms.slice(0, 1 + random.int(3)).map((arm) => ({
          ...arm,
          series: arm.series.map((seed) =>
            Object.fromEntries(
              Object.entries(seed)
                .slice(0, 4)
                .map(([name, points]) => [name, points.slice(0, 4)]),
            ),
          ),
        })),
      };
      const json = JSON.stringify(random.next() < 0.8 ? mutateJson(random, small) : small) ?? 'null';
      return { meta, json: random.next() < 0.2 ? mutateText(random, json) : json };
    },
    run({ meta, json }) {
      const read = readRun(meta, json, 'fuzz.json');
      if ('problem' in read) return `refused: ${read.problem.replace(/“[^”]*”|[0-9,.]+/g, '·').slice(0, 40)}`;
      use(meta, read.run);
      return 'a run';
    },
    shrink: ({ meta, json }) => shorterTexts(json).map((text) => ({ meta, json: text })),
    show: ({ meta, json }) => `${meta.slug}: ${json.length > 400 ? `${json.slice(0, 400)}…` : json}`,
  };
}

/** What the page does with a run. */
function use(meta: LabMeta, run: RunResult): void {
  runId(run);
  encodeURIComponent(runName(meta, run));
  encodeLink(meta, { ...defaultExperiment(meta), knobs: { ...defaultExperiment(meta).knobs, ...run.knobs } });
  for (const metric of metricsIn(run.arms))
    for (const arm of run.arms) {
      seedBand(arm, metric);
      spreadOf(finalValues(arm, metric));
    }
  csvOf({ head: ['arm'], rows: run.arms.map((arm) => [arm.label, ...Object.keys(arm.final)]) });
  JSON.stringify(lightRun(run));
}
