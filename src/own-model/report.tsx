// What the comparison found: exactness, who stayed, time and memory beside the formula.
import type { CompareReport } from './protocol.ts';
import { median } from '../util/stats.ts';

const NAMES = { wasm: 'WASM', webgpu: 'WebGPU' } as const;
export const showMs = (ms: number) =>
  ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
export const showBytes = (bytes: number) =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(2)} GB`
    : bytes >= 1e6
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e3).toFixed(1)} kB`;
const showMacs = (macs: number) =>
  macs >= 1e9 ? `${(macs / 1e9).toFixed(1)} G MAC` : `${(macs / 1e6).toFixed(1)} M MAC`;
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const spread = (values: readonly number[]) => `${showMs(Math.min(...values))} to ${showMs(Math.max(...values))}`;

/** All tokens as a full bar, PyramidDrop as its share. */
function Bar({ label, share, text }: { label: string; share: number; text: string }) {
  return (
    <div className="own-bar">
      <span>{label}</span>
      <div aria-hidden="true">
        <i style={{ width: `${Math.min(100, 100 * share)}%` }} />
      </div>
      <span className="num">{text}</span>
    </div>
  );
}

export function Report({ report }: { report: CompareReport & { warning?: string } }) {
  const { full, pdrop, atZero, kept, cuts, agreeing, divergence } = report;
  const a = median(full.prefillMs);
  const b = median(pdrop.prefillMs);
  const steps = full.tokens.length;
  const rows: [string, string, string, number | null][] = [
    ['Prompt, measured (median)', showMs(a), showMs(b), b / a],
    ['Prompt, by formula', showMacs(full.macs), showMacs(pdrop.macs), pdrop.macs / full.macs],
    [
      'Cache after the prompt',
      showBytes(full.cacheBytes),
      showBytes(pdrop.cacheBytes),
      pdrop.cacheBytes / full.cacheBytes,
    ],
    ['A token after it', showMs(full.tokenMs), showMs(pdrop.tokenMs), pdrop.tokenMs / full.tokenMs],
  ];
  return (
    <div className="own-report" data-testid="own-report">
      {report.warning && <p className="small pd-notice">{report.warning}</p>}
      <p className="small" data-check={atZero.worst === 0 ? 'equal' : 'near'}>
        <b>
          {atZero.worst === 0
            ? 'With nothing dropped, the rewritten decoder gives exactly the logits of the file'
            : `With nothing dropped, logits differ from the file's by at most ${atZero.worst.toPrecision(2)}`}
        </b>
        , over the prompt and {atZero.steps} further tokens.
      </p>
      <p className="small">
        Image tokens: {[report.imageTokens, ...kept].join(' → ')}; cuts after layers{' '}
        {cuts.map((c) => c.layer).join(', ')}. Prompt of {report.promptTokens} tokens on {NAMES[report.backend]}.
      </p>
      <div className="own-bars">
        <Bar label="all tokens" share={1} text={showMs(a)} />
        <Bar label="PyramidDrop, measured" share={b / a} text={`${showMs(b)}, ${percent(b / a)}`} />
        <Bar label="PyramidDrop, formula" share={pdrop.macs / full.macs} text={percent(pdrop.macs / full.macs)} />
      </div>
      <div className="own-scroll" tabIndex={0} role="group" aria-label="Measurements">
        <table>
          <thead>
            <tr>
              <th scope="col">measured here</th>
              <th scope="col">all tokens</th>
              <th scope="col">PyramidDrop</th>
              <th scope="col">share</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, x, y, share]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="num">{x}</td>
                <td className="num">{y}</td>
                <td className="num">{share === null ? '' : percent(share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="tiny quiet">
        {full.prefillMs.length} prompts each in turn: {spread(full.prefillMs)} with all tokens,{' '}
        {spread(pdrop.prefillMs)} with drops. The formula counts projections and attention of all layers over the whole
        prompt; ranking is not in it.
      </p>
      <p className="small">
        Greedy continuation: the first {agreeing} of {steps} tokens agree; divergence of the first token's distribution{' '}
        {divergence.toPrecision(2)} nats.
      </p>
    </div>
  );
}
