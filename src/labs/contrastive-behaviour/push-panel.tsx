// Beside the globe: how the chosen picture shares out its push, in three numbers, five pictures and a table.
import { useState, type KeyboardEvent } from 'react';
import type { Theme } from '../../pictures/arm-colors.ts';
import { ClassThumb } from './class-thumb.tsx';
import type { Globe, Push } from './globe.ts';

interface PushPanelProps {
  globe: Globe;
  anchor: number | null;
  push: Push | null;
  theme: Theme;
  large: boolean;
  hovered: number | null;
  hover(i: number | null): void;
  choose(i: number): void;
  /** To the next picture (+1) or the one before (-1). */
  step(by: 1 | -1): void;
}

const LISTED = 5;
const TABLED = 20;
const percent = (share: number): string => (share > 0 && share < 0.0005 ? '< 0.1 %' : `${(100 * share).toFixed(1)} %`);
const minus = (text: string): string => text.replace('-', '−');
const nameOf = (globe: Globe, i: number): string => globe.classes[globe.labels[i]].name;

export function PushPanel(props: PushPanelProps) {
  const { globe, anchor, push } = props;
  const [isTable, setTable] = useState(false);
  return (
    <section className="push" aria-label="The push of one picture">
      <Anchor {...props} />
      <Facts push={push} others={globe.points - 1} />
      <div className="push-head">
        <h3>Pushed hardest</h3>
        <button
          type="button"
          className="button plain small"
          aria-pressed={isTable}
          disabled={!push}
          onClick={() => setTable(!isTable)}
        >
          Table
        </button>
      </div>
      <p className="tiny quiet">Arrow length: the share of the push.</p>
      <div className="push-list">
        {push && anchor !== null ? (
          isTable ? (
            <PushTable globe={globe} anchor={anchor} push={push} />
          ) : (
            <Hardest {...props} anchor={anchor} push={push} />
          )
        ) : (
          <p className="small quiet">No picture is chosen. Click one on the globe, or press Next.</p>
        )}
      </div>
    </section>
  );
}

function Anchor({ globe, anchor, theme, large, step }: PushPanelProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const by = ({ ArrowLeft: -1, ArrowRight: 1 } as const)[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  };
  return (
    <div className="push-anchor" role="group" aria-label="Chosen picture" onKeyDown={onKeyDown}>
      <span className="push-photo">
        {anchor !== null && <ClassThumb globe={globe} i={anchor} theme={theme} side={large ? 50 : 36} />}
      </span>
      <p aria-live="polite">
        <strong>{anchor === null ? 'None chosen' : nameOf(globe, anchor)}</strong>
        <span className="tiny quiet num">
          {anchor === null ? `${globe.points} pictures` : `picture ${anchor + 1} of ${globe.points}`}
        </span>
      </p>
      <button
        type="button"
        className="button small"
        aria-label="Previous picture"
        title="Previous picture (left arrow)"
        onClick={() => step(-1)}
      >
        <Chevron left />
      </button>
      <button
        type="button"
        className="button small"
        aria-label="Next picture"
        title="Next picture (right arrow)"
        onClick={() => step(1)}
      >
        <Chevron />
      </button>
    </div>
  );
}
const Chevron = ({ left }: { left?: boolean }) => (
  <svg
    width="14"
    height="14"
    viewBox="0 0 14 14"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={left ? 'M8.8 3 4.8 7l4 4' : 'M5.2 3l4 4-4 4'} />
  </svg>
);

function Facts({ push, others }: { push: Push | null; others: number }) {
  return (
    <dl className="push-facts num">
      <div>
        <dt>Half of the push falls on</dt>
        <dd>
          {push ? push.half : '–'}
          <small> of {others}</small>
        </dd>
      </div>
      <div>
        <dt>Entropy, 1 = all alike</dt>
        <dd>
          {push ? push.entropy.toFixed(2) : '–'}
          <span
            className="push-meter"
            aria-hidden="true"
            style={{ '--share': push?.entropy ?? 0 } as React.CSSProperties}
          />
        </dd>
      </div>
      <div>
        <dt>On its own class</dt>
        <dd>
          {push ? `${Math.round(100 * push.own)} %` : '–'}
          <small>{push && ` (${Math.round(100 * push.ownPictures)} % of pictures)`}</small>
        </dd>
      </div>
    </dl>
  );
}

function Hardest({
  globe,
  anchor,
  push,
  theme,
  large,
  hovered,
  hover,
  choose,
}: PushPanelProps & { anchor: number; push: Push }) {
  const most = push.weights[push.order[0]];
  return (
    <ol className="push-hardest">
      {push.order.slice(0, LISTED).map((j) => {
        const weight = push.weights[j];
        const isOwn = globe.labels[j] === globe.labels[anchor];
        return (
          <li key={j}>
            <button
              type="button"
              data-hovered={j === hovered || undefined}
              onClick={() => choose(j)}
              title="Choose this picture"
              onFocus={() => hover(j)}
              onBlur={() => hover(null)}
              onPointerEnter={() => hover(j)}
              onPointerLeave={() => hover(null)}
              style={
                { '--share': weight / most, '--tint': globe.classes[globe.labels[j]][theme] } as React.CSSProperties
              }
            >
              <ClassThumb globe={globe} i={j} theme={theme} side={large ? 36 : 26} />
              <span className="push-name">
                {nameOf(globe, j)}
                {isOwn && <small> own class</small>}
              </span>
              <span className="num">{percent(weight)}</span>
              <span className="push-bar" aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function PushTable({ globe, anchor, push }: { globe: Globe; anchor: number; push: Push }) {
  const shown = push.order.slice(0, TABLED);
  const sums = shown.map((_, k) => shown.slice(0, k + 1).reduce((sum, j) => sum + push.weights[j], 0));
  return (
    <div className="push-scroll" tabIndex={0} role="region" aria-label="Table of the hardest pushed pictures">
      <table>
        <caption className="hidden-text">
          The {TABLED} pictures that {nameOf(globe, anchor)}, picture {anchor + 1}, pushes hardest
        </caption>
        <thead>
          <tr>
            <th scope="col">Picture</th>
            <th scope="col">Class</th>
            <th scope="col">Cosine</th>
            <th scope="col">Push</th>
            <th scope="col">Sum</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((j, k) => (
            <tr key={j}>
              <td>{j + 1}</td>
              <th scope="row">{nameOf(globe, j)}</th>
              <td>{minus(push.cosines[j].toFixed(3))}</td>
              <td>{percent(push.weights[j])}</td>
              <td>{percent(sums[k])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
