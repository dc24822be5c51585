// What the section knows and can do: one client, one open model, its last result.
import { useEffect, useRef, useState } from 'react';
import type { FileOffer } from '../onnx/rewrite/errors.ts';
import type { ForeignBackend } from '../onnx/rewrite/session.ts';
import { OwnModelClient } from './client.ts';
import type {
  Answer,
  CompareReport,
  GpuFacts,
  OpenedFacts,
  Problem,
  SmolAnswer,
  SmolQuestion,
  Source,
} from './protocol.ts';
import { firstSettings, planOf, type Settings } from './settings.tsx';

interface Busy {
  text: string;
  share: number | null;
}
export type Asked = Pick<SmolQuestion, 'photo' | 'photoId' | 'split' | 'question'>;
type Warned<T> = T & { warning?: string };

export function useOwnModel() {
  const client = useRef<OwnModelClient | null>(null);
  const [gpu, setGpu] = useState<GpuFacts | null>(null);
  const [busy, setBusy] = useState<Busy | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [facts, setFacts] = useState<OpenedFacts | null>(null);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [isSmol, setSmol] = useState(false);
  const [report, setReport] = useState<Warned<CompareReport> | null>(null);
  const [answer, setAnswer] = useState<SmolAnswer | null>(null);
  const chosen = useRef<Extract<Source, { kind: 'files' }> | null>(null);
  const get = () => (client.current ??= new OwnModelClient());
  useEffect(() => {
    void get()
      .gpu()
      .then((found) => {
        if (found.ok) setGpu(found.value);
      });
    return () => {
      client.current?.close();
      client.current = null;
    };
  }, []);
  // progress comes by a channel of its own and may arrive after the answer: then it is late
  const progress = (text: string, share: number | null) => setBusy((now) => now && { text, share });
  async function during<T>(text: string, work: () => Promise<Answer<T>>, done: (value: T) => void): Promise<void> {
    setProblem(null);
    setBusy({ text, share: null });
    const found = await work();
    setBusy(null);
    if (found.ok) done(found.value);
    else if ('problem' in found) {
      setProblem(found.problem);
      if (found.problem.isClosed) setFacts(null);
    }
  }
  const clear = () => {
    setReport(null);
    setAnswer(null);
  };
  const open = (source: Source | { kind: 'smol'; backend: ForeignBackend }) => {
    setFacts(null);
    clear();
    setSmol(source.kind === 'smol');
    chosen.current = source.kind === 'files' ? source : null;
    return during(
      'opening',
      () => get().open(source, progress),
      (found) => {
        setFacts(found);
        setSettings(
          firstSettings(
            found,
            source.kind === 'smol' ? source.backend : gpu?.isAvailable && !gpu.isSoftware ? 'webgpu' : 'wasm',
          ),
        );
      },
    );
  };
  /** Opens the chosen files again, one of them as the data file that it was offered for. */
  const takeAs = ({ needed, given }: FileOffer) => {
    const source = chosen.current;
    if (source) void open({ ...source, renamed: new Map([...(source.renamed ?? []), [needed, given]]) });
  };
  const compare = async () => {
    if (!facts || !settings) return;
    clear();
    const { cuts } = planOf(facts, settings).schedule;
    await during(
      'preparing',
      () =>
        get().compare(
          { imageTokens: settings.imageTokens, cuts, positions: settings.positions, seed: 1 },
          settings.backend,
          progress,
        ),
      setReport,
    );
  };
  const ask = async (asked: Asked) => {
    if (!settings) return;
    clear();
    const { stages, lambda, firstCut, positions, backend } = settings;
    await during(
      'preparing',
      () => get().ask({ ...asked, stages, lambda, firstCut, positions }, backend, progress),
      (found) => {
        setAnswer(found);
        setReport({ ...found.report, warning: found.warning });
      },
    );
  };
  const close = () => {
    get().close();
    setFacts(null);
    clear();
    setProblem(null);
  };
  return {
    gpu,
    busy,
    problem,
    facts,
    settings,
    report,
    answer,
    isSmol,
    open,
    takeAs,
    compare,
    ask,
    close,
    forget: () => during('removing the kept files', () => get().forget(), close),
    stop: () => client.current?.stop(),
    set: (change: Partial<Settings>) => setSettings((s) => s && { ...s, ...change }),
  };
}
