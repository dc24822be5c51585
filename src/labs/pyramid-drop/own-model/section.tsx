// "Your own model": a decoder file of the visitor's, or one made here, with PyramidDrop written into it, against the file as it is.
import { useEffect, useId, useRef, useState } from 'react';
import { OwnModelClient } from './client.ts';
import { Facts, ProblemNote } from './facts.tsx';
import { MADE } from './made-models.ts';
import type { Answer, CompareReport, GpuFacts, MadeSize, OpenedFacts, Problem, Source } from './protocol.ts';
import { Report } from './report.tsx';
import { firstSettings, planOf, SettingsForm, type Settings } from './settings.tsx';
import './own-model.css';

interface Busy { text: string; share: number | null }

/** Everything that the section knows and can do. */
function useOwnModel() {
  const client = useRef<OwnModelClient | null>(null), [gpu, setGpu] = useState<GpuFacts | null>(null), [busy, setBusy] = useState<Busy | null>(null), [problem, setProblem] = useState<Problem | null>(null);
  const [facts, setFacts] = useState<OpenedFacts | null>(null), [settings, setSettings] = useState<Settings | null>(null), [report, setReport] = useState<(CompareReport & { warning?: string }) | null>(null);
  const get = () => (client.current ??= new OwnModelClient());
  useEffect(() => {
    void get().gpu().then((answer) => { if (answer.ok) setGpu(answer.value); });
    return () => { client.current?.close(); client.current = null; };
  }, []);
  // progress comes by a channel of its own and may arrive after the answer: then it is late
  const progress = (text: string, share: number | null) => setBusy((now) => now && { text, share });
  async function during<T>(text: string, work: () => Promise<Answer<T>>, done: (value: T) => void): Promise<void> {
    setProblem(null);
    setBusy({ text, share: null });
    const answer = await work();
    setBusy(null);
    if (answer.ok) done(answer.value);
    else if ('problem' in answer) setProblem(answer.problem);
  }
  const open = (source: Source) => {
    setFacts(null);
    setReport(null);
    return during('opening', () => get().open(source, progress), (found) => { setFacts(found); setSettings(firstSettings(found, gpu?.isAvailable && !gpu.isSoftware ? 'webgpu' : 'wasm')); });
  };
  const compare = () => {
    if (!facts || !settings) return;
    setReport(null);
    const { cuts } = planOf(facts, settings).schedule;
    return during('preparing', () => get().compare({ imageTokens: settings.imageTokens, cuts, positions: settings.positions, seed: 1 }, settings.backend, progress), setReport);
  };
  const close = () => { get().close(); setFacts(null); setReport(null); setProblem(null); };
  return { gpu, busy, problem, facts, settings, report, open, compare, close, stop: () => void client.current?.stop(), set: (change: Partial<Settings>) => setSettings((s) => s && { ...s, ...change }) };
}

export default function OwnModelSection() {
  const own = useOwnModel(), { busy, facts, settings, report } = own, isBusy = busy !== null;
  return (
    <div className="own">
      <p className="small">The same drops inside a decoder that is not ours: this page reads the ONNX file, finds its layers, and writes ranking and dropping between them. Nothing is uploaded; the file stays on this device.</p>
      <Sources open={(source) => void own.open(source)} isBusy={isBusy} />
      {own.problem && <ProblemNote problem={own.problem} />}
      {facts && settings && (
        <>
          <Facts facts={facts} />
          <SettingsForm facts={facts} settings={settings} set={own.set} gpu={own.gpu} isBusy={isBusy} />
          <div className="own-row">
            <button type="button" className="button solid" disabled={isBusy} onClick={() => void own.compare()}>Compare</button>
            <button type="button" className="button" disabled={isBusy} onClick={own.close}>Close the model</button>
          </div>
          <p className="tiny quiet">The prompt is noise, the same at every visit: time, memory and exactness are real with it, what the model says is not.</p>
        </>
      )}
      {busy && (
        <div className="own-busy">
          <progress value={busy.share ?? undefined} max={1} aria-label="Progress" />
          <span className="small">{busy.text} …</span>
          {facts && <button type="button" className="button small" onClick={own.stop}>Stop</button>}
        </div>
      )}
      <p className="hidden-text" aria-live="polite">{busy ? 'working' : report ? 'The comparison is done.' : facts ? 'The model is open.' : ''}</p>
      {report && <Report report={report} />}
    </div>
  );
}

function Sources({ open, isBusy }: { open(source: Source): void; isBusy: boolean }) {
  const id = useId(), [size, setSize] = useState<MadeSize>('small');
  return (
    <div className="own-sources">
      <div>
        <h4>A file of yours</h4>
        <label className="small" htmlFor={`${id}-files`}>The decoder's .onnx file, together with its data file if it has one</label>
        <input id={`${id}-files`} type="file" multiple accept=".onnx,.onnx_data,.data,.bin" disabled={isBusy}
          onChange={(e) => { const files = [...e.target.files ?? []]; e.target.value = ''; if (files.length) open({ kind: 'files', files }); }} />
      </div>
      <div>
        <h4>A decoder made here</h4>
        <label className="small" htmlFor={`${id}-size`}>Llama-like, with random weights: enough to measure time</label>
        <div className="own-row">
          <select id={`${id}-size`} value={size} disabled={isBusy} onChange={(e) => setSize(e.target.value as MadeSize)}>{Object.entries(MADE).map(([key, { label }]) => <option key={key} value={key}>{label}</option>)}</select>
          <button type="button" className="button" disabled={isBusy} onClick={() => open({ kind: 'made', size })}>Make it</button>
        </div>
      </div>
    </div>
  );
}
