// "Your own model": a decoder file of the visitor's, one made here, or SmolVLM, with PyramidDrop written into it, against the file as it is.
import { useId, useState } from 'react';
import { Facts, ProblemNote } from './facts.tsx';
import { MADE } from './made-models.ts';
import type { MadeSize, Source } from './protocol.ts';
import { Report } from './report.tsx';
import { SettingsForm } from './settings.tsx';
import { SmolAsk } from './smol-ask.tsx';
import { SmolCard } from './smol-card.tsx';
import { useOwnModel } from './use-own-model.ts';
import './own-model.css';

export default function OwnModelSection() {
  const own = useOwnModel();
  const { busy, facts, settings, report, answer } = own;
  const isBusy = busy !== null;
  return (
    <div className="own">
      <p className="small">
        The same drops inside a decoder that is not ours: this page reads the ONNX file, finds its layers, and writes
        ranking and dropping between them. Nothing is uploaded; files and photos stay on this device.
      </p>
      <Sources open={(source) => void own.open(source)} isBusy={isBusy}>
        <SmolCard
          gpu={own.gpu}
          isBusy={isBusy}
          load={(backend) => void own.open({ kind: 'smol', backend })}
          forget={() => void own.forget()}
        />
      </Sources>
      {own.problem && <ProblemNote problem={own.problem} takeAs={own.takeAs} />}
      {facts && settings && (
        <>
          <Facts facts={facts} />
          <SettingsForm
            facts={facts}
            settings={settings}
            set={own.set}
            gpu={own.gpu}
            isBusy={isBusy}
            isSmol={own.isSmol}
          />
          {own.isSmol && <SmolAsk ask={(asked) => void own.ask(asked)} answer={answer} isBusy={isBusy} />}
          <div className="own-row">
            {!own.isSmol && (
              <button type="button" className="button solid" disabled={isBusy} onClick={() => void own.compare()}>
                Compare
              </button>
            )}
            <button type="button" className="button" disabled={isBusy} onClick={own.close}>
              Close the model
            </button>
          </div>
          {!own.isSmol && (
            <p className="tiny quiet">
              The prompt is noise, the same at every visit: time, memory and exactness are real with it, what the model
              says is not.
            </p>
          )}
        </>
      )}
      {busy && (
        <div className="own-busy">
          <progress value={busy.share ?? undefined} max={1} aria-label="Progress" />
          <span className="small">{busy.text} …</span>
          <button type="button" className="button small" onClick={own.stop}>
            Stop
          </button>
        </div>
      )}
      <p className="hidden-text" aria-live="polite">
        {busy ? 'working' : report ? 'The comparison is done.' : facts ? 'The model is open.' : ''}
      </p>
      {report && <Report report={report} />}
    </div>
  );
}

function Sources({
  open,
  isBusy,
  children,
}: {
  open(source: Source): void;
  isBusy: boolean;
  children: React.ReactNode;
}) {
  const id = useId();
  const [size, setSize] = useState<MadeSize>('small');
  return (
    <div className="own-sources">
      <div>
        <h3>A file of yours</h3>
        <label className="small" htmlFor={`${id}-files`}>
          The decoder's .onnx file, together with its data file if it has one
        </label>
        <input
          id={`${id}-files`}
          type="file"
          multiple
          accept=".onnx,.onnx_data,.data,.bin"
          disabled={isBusy}
          onChange={(e) => {
            const files = [...(e.target.files ?? [])];
            e.target.value = '';
            if (files.length) open({ kind: 'files', files });
          }}
        />
      </div>
      <div>
        <h3>A decoder made here</h3>
        <label className="small" htmlFor={`${id}-size`}>
          Llama-like, with random weights: enough to measure time
        </label>
        <div className="own-row">
          <select
            id={`${id}-size`}
            value={size}
            disabled={isBusy}
            onChange={(e) => setSize(e.target.value as MadeSize)}
          >
            {Object.entries(MADE).map(([key, { label }]) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
          <button type="button" className="button" disabled={isBusy} onClick={() => open({ kind: 'made', size })}>
            Make it
          </button>
        </div>
      </div>
      {children}
    </div>
  );
}
