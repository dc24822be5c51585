// All that a run depends on: knobs, seeds, backend, and what it will cost.
import { useId } from 'react';
import { NumberBox } from '../../pictures/number-box.tsx';
import { defaultKnobs } from '../../labs/_kit/contract/knobs.ts';
import { MAX_SEED, MAX_SEEDS } from '../link.ts';
import { defaultWorkers } from '../../runtime/wire/default-workers.ts';
import type { BackendChoice } from '../../runtime/wire/protocol.ts';
import { formatMs, formatSeconds, plural } from '../format.ts';
import { useLab, useLabStore } from '../store/use-lab.ts';
import { Knob } from './knob.tsx';

export function SettingsPanel() {
  const store = useLabStore();
  const meta = useLab((state) => state.meta);
  const knobs = useLab((state) => state.knobs);
  const used = useLab((state) => state.used);
  const defaults = defaultKnobs(meta);
  const names = Object.keys(meta.controls);
  const isDefault = names.every((name) => knobs[name] === defaults[name]);
  return (
    <div className="settings">
      {names.length > 0 && (
        <div className="settings-head">
          <h2 className="panel-title">Settings</h2>
          <button type="button" className="button plain small" disabled={isDefault} onClick={() => store.resetKnobs()}>
            All to defaults
          </button>
        </div>
      )}
      {names.map((name) => (
        <Knob
          key={name}
          control={meta.controls[name]}
          value={knobs[name]}
          used={used && used.knobs[name] !== knobs[name] ? used.knobs[name] : undefined}
          set={(value, settled) => store.setKnob(name, value, settled)}
        />
      ))}
      <Seeds />
      <Backend />
    </div>
  );
}

function Seeds() {
  const store = useLabStore();
  const seed = useLab((state) => state.seed);
  const seeds = useLab((state) => state.seeds);
  const id = useId();
  const whole = (low: number, high: number) => (value: number) => Math.min(high, Math.max(low, Math.round(value)));
  return (
    <div className="knob">
      <div className="knob-pair">
        <div>
          <label htmlFor={`${id}-first`}>First seed</label>
          <NumberBox
            id={`${id}-first`}
            value={seed}
            fit={whole(0, MAX_SEED)}
            set={(value) => store.setSeed(value)}
            range={`0 to ${MAX_SEED}, whole numbers`}
          />
        </div>
        <div>
          <label htmlFor={`${id}-count`}>Number of seeds</label>
          <select id={`${id}-count`} value={seeds} onChange={(event) => store.setSeeds(Number(event.target.value))}>
            {Array.from({ length: MAX_SEEDS }, (_, i) => (
              <option key={i} value={i + 1}>
                {i + 1}
              </option>
            ))}
          </select>
        </div>
      </div>
      <p className="tiny quiet">
        The same seed gives the same run. More seeds show what is chance; each adds its time.
      </p>
    </div>
  );
}

const BACKENDS: [BackendChoice, string][] = [
  ['auto', 'Automatic'],
  ['webgpu', 'WebGPU'],
  ['wasm', 'WASM'],
];
const NAMES = { webgpu: 'WebGPU', wasm: 'WASM', cpu: 'CPU' } as const;

function Backend() {
  const store = useLabStore();
  const backend = useLab((state) => state.backend);
  const name = useId();
  const device = useLab((state) => state.device);
  const hasGpu = device?.webgpu.available ?? true;
  return (
    <fieldset className="knob" onPointerEnter={() => void store.probe()} onFocus={() => void store.probe()}>
      <legend>Runs on</legend>
      <div className="segments">
        {BACKENDS.map(([value, label]) => (
          <label key={value} data-off={(value === 'webgpu' && !hasGpu) || undefined}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={backend === value}
              disabled={value === 'webgpu' && !hasGpu && backend !== 'webgpu'}
              onChange={() => store.setBackend(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <BackendReason />
      <Workers />
      <Cost />
    </fieldset>
  );
}

/** How many workers share a run on WASM. */
function Workers() {
  const store = useLabStore();
  const id = useId();
  const workers = useLab((state) => state.workers);
  const divided = useLab((state) => state.divided);
  const isGpu = useLab((state) => state.backend === 'webgpu' || state.chosen?.backend === 'webgpu');
  const most = defaultWorkers();
  return (
    <div className="knob-pair">
      <div>
        <label htmlFor={id}>Workers on WASM</label>
        <select
          id={id}
          value={workers ?? ''}
          disabled={isGpu}
          onChange={(event) => store.setWorkers(event.target.value === '' ? null : Number(event.target.value))}
        >
          <option value="">Automatic: up to {most}</option>
          {Array.from({ length: Math.max(most, workers ?? 1) }, (_, i) => (
            <option key={i} value={i + 1}>
              {i + 1}
            </option>
          ))}
        </select>
      </div>
      <p className="tiny quiet">
        {divided
          ? `${plural(divided.of, 'worker')}: ${divided.reason}.`
          : 'Models train side by side; the numbers are the same with one worker.'}
      </p>
    </div>
  );
}

/** Which backend the run uses and why, or what this device can do. */
function BackendReason() {
  const chosen = useLab((state) => state.chosen);
  const device = useLab((state) => state.device);
  if (chosen) {
    const trials = Object.entries(chosen.trialMs).map(
      ([name, ms]) => `${NAMES[name as keyof typeof NAMES] ?? name} ${formatMs(ms)} a step`,
    );
    return (
      <p className="tiny quiet num">
        On {NAMES[chosen.backend]}: {chosen.reason}
        {trials.length ? ` (${trials.join(', ')})` : ''}.
      </p>
    );
  }
  if (!device) return <p className="tiny quiet">Automatic measures which is faster for this lab.</p>;
  const { available, reason, isFallback, adapter } = device.webgpu;
  return (
    <p className="tiny quiet">
      {available
        ? `WebGPU is available${adapter ? ` (${adapter}${isFallback ? ', in software: slow' : ''})` : ''}.`
        : `WebGPU is not available: ${reason.replace(/\.$/, '')}. WASM works everywhere.`}
    </p>
  );
}

function Cost() {
  const { cost, seeds: usual } = useLab((state) => state.meta);
  const seeds = useLab((state) => state.seeds);
  const scale = seeds / usual;
  const parts = [
    ...(cost.gpuSeconds === undefined ? [] : [`${formatSeconds(cost.gpuSeconds * scale)} on a graphics card`]),
    `${formatSeconds(cost.cpuSeconds * scale)} on a processor`,
  ];
  return (
    <p className="tiny quiet num">
      With default settings and {plural(seeds, 'seed')}: about {parts.join(', ')}.
    </p>
  );
}
