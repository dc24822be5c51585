// What an opened model is, and why another could not be opened.
import type { FileOffer } from '../onnx/rewrite/errors.ts';
import type { OpenedFacts, Problem } from './protocol.ts';
import { showBytes } from './report.tsx';

const ROTARY = {
  node: 'rotation in nodes of its own',
  fused: 'rotation inside the attention op',
  none: 'no rotation found',
} as const;

export function Facts({ facts }: { facts: OpenedFacts }) {
  const rows: [string, string][] = [
    [
      'Decoder',
      `${facts.layers} layers, ${facts.heads} heads of ${facts.headSize}, ${facts.kvHeads} for keys and values${facts.width ? `, width ${facts.width}` : ''}`,
    ],
    [
      'Family',
      `fused attention (GroupQueryAttention), ${ROTARY[facts.rotary]}, ${facts.packed ? 'one packed projection' : 'separate projections'}`,
    ],
    [
      'Numbers',
      `${(facts.parameters / 1e6).toFixed(1)} million parameters, most in ${facts.weights}; computes in ${facts.isHalf ? 'half' : 'single'} precision`,
    ],
    [
      'Reads',
      `${facts.takes === 'ids' ? 'token numbers' : 'embeddings'}${Number.isFinite(facts.maxTokens) ? `, at most ${facts.maxTokens.toLocaleString('en')}` : ''}; vocabulary of ${facts.vocabulary.toLocaleString('en')}`,
    ],
    ['Written by', `${facts.producer}, operator set ${facts.opset}`],
  ];
  return (
    <div className="own-facts">
      <dl>
        {rows.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <ul className="tiny">
        {facts.files.map((f) => (
          <li key={f.name}>
            <b>{f.name}</b>, {showBytes(f.bytes)}
            {f.sha256 && (
              <>
                , sha256 <code>{f.sha256}</code>
              </>
            )}
            {f.agrees && ', as the host states'}
          </li>
        ))}
      </ul>
      <details className="tiny">
        <summary>Operators</summary>
        <p>{facts.operators}</p>
      </details>
    </div>
  );
}

export function ProblemNote({ problem, takeAs }: { problem: Problem; takeAs(offer: FileOffer): void }) {
  const { offer } = problem;
  const counts = Object.entries(problem.histogram ?? {}).sort(([, a], [, b]) => b - a);
  const most = counts[0]?.[1] ?? 1;
  return (
    <div className="message own-problem" data-tone="bad" role="alert">
      <p>
        <b>{problem.message}</b> {problem.remedy}
      </p>
      {offer && (
        <button type="button" className="button small" onClick={() => takeAs(offer)}>
          {`Use "${offer.given}" as "${offer.needed}"`}
        </button>
      )}
      {problem.pattern && (
        <p>
          First pattern that did not match: <code>{problem.pattern}</code>
        </p>
      )}
      {counts.length > 0 && (
        <div className="own-histogram">
          <p>Its operators:</p>
          <ul>
            {counts.slice(0, 24).map(([op, n]) => (
              <li key={op}>
                <span>{op}</span>
                <i aria-hidden="true" style={{ width: `${Math.max(2, (100 * n) / most)}px` }} />
                <span className="num">{n}</span>
              </li>
            ))}
          </ul>
          {counts.length > 24 && <p className="tiny">and {counts.length - 24} more kinds</p>}
        </div>
      )}
    </div>
  );
}
