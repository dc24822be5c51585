// The lab's charts, with one legend for all and the choice of the run behind them.
import type { ViewSpec } from '../../labs/_kit/contract/meta.ts';
import { Legend } from '../charts/legend.tsx';
import { ViewPanel } from '../charts/view-panel.tsx';
import { RECORDED } from '../store/lab-store.ts';
import { isLive, useLab, useLabStore } from '../store/use-lab.ts';
import { customView } from './picture-panel.tsx';

/** A line chart that comes first takes the full width, and so does a chart that would stand alone in the last row. */
function isWide(views: ViewSpec[], i: number): boolean {
  const leads = views[0].kind === 'line' ? 1 : 0;
  return i < leads || (i === views.length - 1 && (views.length - leads) % 2 === 1);
}

export function CurvesPanel({ first = Infinity }: { first?: number }) {
  const meta = useLab((state) => state.meta);
  const views = (customView(meta.slug) ? meta.views : meta.views.slice(1)).slice(0, first);
  if (!views.length) return null;
  return (
    <section className="curves" aria-labelledby="curves-title">
      <div className="curves-head">
        <h2 id="curves-title" className="panel-title">
          Curves <Whose />
        </h2>
        <Behind />
      </div>
      <Legend />
      <div className="chart-grid">
        {views.map((spec, i) => (
          <div key={`${spec.kind} ${spec.title}`} data-wide={isWide(views, i) || undefined}>
            <ViewPanel spec={spec} />
          </div>
        ))}
      </div>
    </section>
  );
}

const Whose = () => {
  const live = useLab(isLive);
  const hasRecording = useLab((state) => state.recorded !== null);
  return live ? (
    <span className="source" data-live="true">
      your run
    </span>
  ) : hasRecording ? (
    <span className="source">recorded run</span>
  ) : null;
};

function Behind() {
  const store = useLabStore();
  const ghost = useLab((state) => state.ghost);
  const pins = useLab((state) => state.pins);
  const live = useLab(isLive);
  const hasRecording = useLab((state) => state.recorded !== null);
  if (!pins.length && !(live && hasRecording)) return null;
  return (
    <label className="behind tiny">
      <span className="quiet">Faint behind:</span>
      <select
        className="small-select"
        value={ghost ?? ''}
        onChange={(event) => store.setGhost(event.target.value || null)}
      >
        {hasRecording && <option value={RECORDED}>recorded run</option>}
        {pins.map((pin) => (
          <option key={pin.id} value={pin.id}>
            {pin.name}
          </option>
        ))}
        <option value="">nothing</option>
      </select>
    </label>
  );
}
