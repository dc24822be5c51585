// docs/reproductions.md from the recorded runs of all labs.
import type { LabMeta } from '../src/labs/_kit/contract/meta.ts';
import { intervalText, standingText } from '../src/labs/_kit/claims/words.ts';
import type { ClaimResult, RunResult } from '../src/labs/_kit/contract/result.ts';

const VERDICTS = {
  reproduced: 'reproduced here',
  'not-reproduced': 'not reproduced here',
  undecided: 'undecided',
} as const;

/** One table of verdicts, then every claim check with its numbers. Recordings come in the order of the papers. */
export function reproductionsPage(recordings: readonly { meta: LabMeta; result: RunResult }[]): string {
  return [
    '# Reproductions',
    '',
    'What the labs measured, from their recorded runs (`npm run record -- <slug>` writes a recording and this page). Small models on small data: a verdict is about the lab, not about the paper. An interval has one-sided ends at 95 %: reproduced means that all of it lies on the side asked, not reproduced that none of it does.',
    '',
    '| paper | lab | verdict | seeds | recorded on | time |',
    '|---|---|---|---|---|---|',
    ...recordings.map(row),
    '',
    ...recordings.flatMap(section),
  ].join('\n');
}

function row({ meta: { paper, slug, title }, result }: { meta: LabMeta; result: RunResult }): string {
  return `| ${paper.number}. ${cell(paper.title)} | [${cell(title)}](#${slug}) | ${VERDICTS[result.verdict]} | ${result.seeds.length} | ${result.backend} | ${(result.wallMs / 1000).toFixed(0)} s |`;
}

function section({ meta, result }: { meta: LabMeta; result: RunResult }): string[] {
  return [
    `<a id="${meta.slug}"></a>`,
    `## ${meta.title}`,
    '',
    meta.claim,
    '',
    '| check | measured | interval | asked | verdict |',
    '|---|---|---|---|---|',
    ...result.claims.map(claimRow),
    '',
  ];
}
function claimRow(claim: ClaimResult): string {
  const measured = claim.measured === null ? 'not measured' : shortNumber(claim.measured);
  const interval = intervalText(claim, shortNumber) ?? '–';
  const rest = [standingText(claim, undefined, true), claim.note].filter(Boolean).join('; ');
  return `| ${cell(claim.text)}${claim.required ? '' : ' (reported only)'} | ${measured} | ${interval} | ${cell(claim.threshold)} | ${VERDICTS[claim.verdict]}${rest ? `: ${cell(rest)}` : ''} |`;
}
const shortNumber = (value: number): string => String(Number(value.toPrecision(4)));
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
