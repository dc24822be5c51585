// Top of a lab page: family, claim, paper, verdict, and what can be done with the whole experiment.
import { useEffect, useState } from 'react';
import { csvOf, fileName, saveFile } from '../charts/export.ts';
import { announce } from '../parts/announcer.tsx';
import { FamilyTag } from '../parts/family-tag.tsx';
import { Icon } from '../parts/icon.tsx';
import { MathsText } from '../parts/maths-text.tsx';
import { Menu } from '../parts/menu.tsx';
import { useLab, useLabStore } from '../store/use-lab.ts';
import { allPoints } from './runs-tab.tsx';
import { addressOf, copy, copyRun } from './share.ts';
import { VerdictLine } from './verdict-panel.tsx';

export function LabHead() {
  const meta = useLab((state) => state.meta);
  const { paper } = meta;
  return (
    <header className="lab-head">
      <div className="lab-head-top">
        <p>
          <FamilyTag family={meta.family} /> <span className="tiny quiet num">paper no. {paper.number}</span>
        </p>
        <HeadActions />
      </div>
      <h1 className="lab-claim">
        <MathsText text={meta.claim} />
      </h1>
      <div className="lab-paper">
        <p className="small">
          <cite>{paper.title}</cite>. {paper.authors}, {paper.venue} {paper.year}
          {paper.arxiv && (
            <>
              {' '}
              ·{' '}
              <a href={`https://arxiv.org/abs/${paper.arxiv}`} rel="noreferrer">
                arXiv {paper.arxiv}
              </a>
            </>
          )}
          {paper.code && (
            <>
              {' '}
              ·{' '}
              <a href={/^https?:/.test(paper.code) ? paper.code : `https://${paper.code}`} rel="noreferrer">
                code
              </a>
            </>
          )}
        </p>
        <VerdictLine />
      </div>
    </header>
  );
}

/** A word that is gone after two seconds. */
function usePassing(): [string, (text: string) => void] {
  const [text, setText] = useState('');
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => setText(''), 2_000);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}

const embedCode = (address: string, title: string): string =>
  `<iframe src="${address.replaceAll('&', '&amp;')}" title="${title.replaceAll('"', '&quot;')}" width="800" height="640" loading="lazy" style="border:0"></iframe>`;

function HeadActions() {
  const store = useLabStore();
  const result = useLab((state) => state.result);
  const isPinned = useLab((state) => state.pins.some((pin) => pin.result === state.result && !pin.isPassing));
  const { slug, title } = store.getState().meta;
  const [said, say] = usePassing();
  return (
    <div className="head-actions">
      <button
        type="button"
        className="button plain"
        onClick={() => void copy(store, addressOf(store, 'page'), say)}
        title="Copy a link that holds the settings and the seeds"
      >
        <Icon name="share" />
        {said || 'Share'}
      </button>
      <button
        type="button"
        className="button plain"
        disabled={!result || isPinned}
        title={result ? 'Keep this run for comparison' : 'Finish a run to pin it'}
        onClick={() => {
          store.pin();
          announce('Run pinned; see Runs below.', true);
        }}
      >
        <Icon name="pin" />
        {isPinned ? 'Pinned' : 'Pin'}
      </button>
      <button type="button" className="button plain" onClick={() => store.apply({ layout: 'present' })}>
        <Icon name="screen" />
        Present
      </button>
      <Menu
        label="More"
        icon={<Icon name="more" />}
        items={[
          {
            label: 'Copy a link that holds this run',
            hidden: !result,
            run: () => void copyRun(store, result!, say),
          },
          {
            label: 'Copy code for embedding',
            run: () => void copy(store, embedCode(addressOf(store, 'embed'), title), say),
          },
          {
            label: 'Save this run (JSON)',
            hidden: !result,
            run: () => saveFile(fileName(slug, 'run.json'), JSON.stringify(result), 'application/json'),
          },
          {
            label: 'Save all points (CSV)',
            hidden: !result,
            run: () => saveFile(fileName(slug, 'points.csv'), csvOf(allPoints(result!)), 'text/csv'),
          },
        ]}
      />
    </div>
  );
}
