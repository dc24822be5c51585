// The three faces of a lab: the page, large for a projector, and small for a frame in another page.
import { useEffect, useRef, useState } from 'react';
import { labHref } from '../router.ts';
import { encodeLink } from '../link.ts';
import { Icon } from '../parts/icon.tsx';
import { MathsText } from '../parts/maths-text.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useLab, useLabStore } from '../store/use-lab.ts';
import { useMedia } from '../../pictures/use-media.ts';
import { CurvesPanel } from './curves-panel.tsx';
import { DataTab } from './data-tab.tsx';
import { GraphTab } from './graph-tab.tsx';
import { LabHead } from './lab-head.tsx';
import { MethodTab } from './method-tab.tsx';
import { Notices } from './notices.tsx';
import { PicturePanel } from './picture-panel.tsx';
import { RunPanel } from './run-panel.tsx';
import { RunsTab } from './runs-tab.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { TryPanel } from './try-panel.tsx';
import { Checks, VerdictLine, VerdictPanel } from './verdict-panel.tsx';

/** Phones, narrow windows and large letters: the run bar sticks to the bottom, settings open as a sheet. */
const NARROW = '(max-width: 55em)';

export function PageLayout() {
  const isNarrow = useMedia(NARROW);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Notices />
      <LabHead />
      <div className="bench">
        <PicturePanel />
        <div className="side">
          <RunPanel openSettings={isNarrow ? () => setOpen(true) : undefined} />
          {isNarrow ? (
            <SettingsSheet isOpen={isOpen} close={() => setOpen(false)} />
          ) : (
            <section aria-label="Settings">
              <SettingsPanel />
            </section>
          )}
          {!isNarrow && <VerdictPanel />}
        </div>
        <CurvesPanel />
        {isNarrow && <VerdictPanel />}
      </div>
      <TryPanel />
      <Tabs
        label="More about this lab"
        tabs={[
          { id: 'method', label: 'How it works', body: () => <MethodTab /> },
          { id: 'graph', label: 'Graph', body: () => <GraphTab /> },
          { id: 'runs', label: 'Runs', body: () => <RunsTab /> },
          { id: 'data', label: 'Data', body: () => <DataTab /> },
        ]}
      />
    </>
  );
}

function SettingsSheet({ isOpen, close }: { isOpen: boolean; close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen && dialog.current?.open) dialog.current.close();
  }, [isOpen]);
  // A press beside the sheet closes it, as Escape and the button do.
  useEffect(() => {
    const sheet = dialog.current!;
    const onPress = (event: MouseEvent) => {
      if (event.target === sheet) sheet.close();
    };
    sheet.addEventListener('click', onPress);
    return () => sheet.removeEventListener('click', onPress);
  }, []);
  return (
    <dialog ref={dialog} className="sheet" aria-label="Settings" onClose={close}>
      <div className="sheet-body">
        <button type="button" className="button sheet-close" onClick={close}>
          Done
        </button>
        <SettingsPanel />
      </div>
    </dialog>
  );
}

export function PresentLayout() {
  const store = useLabStore();
  const meta = useLab((state) => state.meta);
  const leave = () => store.apply({ layout: 'page' });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') store.apply({ layout: 'page' });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [store]);
  return (
    <div className="present">
      <div className="present-head">
        <h1 className="lab-claim">
          <MathsText text={meta.claim} />
        </h1>
        <button type="button" className="button" onClick={leave}>
          <Icon name="close" />
          Leave presenter mode
        </button>
      </div>
      <Notices />
      <PicturePanel large />
      <div className="present-side">
        <p className="present-question">{meta.question}</p>
        <p className="present-verdict">
          <VerdictLine />
        </p>
        <RunPanel />
        <Checks />
      </div>
      <CurvesPanel first={1} />
    </div>
  );
}

export function EmbedLayout() {
  const meta = useLab((state) => state.meta);
  const query = useLab((state) => encodeLink(state.meta, { ...state, layout: 'page' }));
  return (
    <div className="embed">
      <Notices />
      <h1 className="embed-title serif">
        <MathsText text={meta.claim} />
      </h1>
      <PicturePanel />
      <CurvesPanel first={1} />
      <RunPanel />
      <p className="embed-foot tiny">
        <VerdictLine />
        <a href={window.location.pathname + labHref(meta.slug, query)} target="_blank" rel="noreferrer">
          Open in Paper Playground
        </a>
      </p>
    </div>
  );
}
