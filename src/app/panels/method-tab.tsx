// How the lab works: the idea, the equations, what is measured, how it deviates from the paper.
import { formatSeconds } from '../format.ts';
import { Formula, MathsText } from '../parts/maths-text.tsx';
import { useLab } from '../store/use-lab.ts';

export function MethodTab() {
  const meta = useLab((state) => state.meta);
  return (
    <div className="method">
      <div className="prose">
        {meta.method.map((text, i) => (
          <p key={i}>
            <MathsText text={text} />
          </p>
        ))}
        {meta.equations.length > 0 && (
          <dl className="equations">
            {meta.equations.map(({ label, text, source }) => (
              <div key={label}>
                <dt>
                  {label} <span className="quiet">{source}</span>
                </dt>
                <dd className="equation" tabIndex={0}>
                  <Formula text={text} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <div className="prose small">
        <h3>What is measured</h3>
        <ul>
          {Object.entries(meta.metrics).map(([id, info]) => (
            <li key={id}>
              <strong>{info.label}</strong>
              {info.better === 'none' ? '' : info.better === 'up' ? ' (higher is better)' : ' (lower is better)'}:{' '}
              {info.help}
            </li>
          ))}
        </ul>
        <h3>Where this lab deviates from the paper</h3>
        {meta.deviations.length ? (
          <ol>
            {meta.deviations.map((text, i) => (
              <li key={i}>
                <MathsText text={text} />
              </li>
            ))}
          </ol>
        ) : (
          <p>Nowhere that we know of.</p>
        )}
        <p className="quiet">
          Default run: {meta.cost.steps > 0 && `${meta.cost.steps.toLocaleString('en')} steps, `}about{' '}
          {formatSeconds(meta.cost.cpuSeconds)} on a processor.
        </p>
      </div>
    </div>
  );
}
