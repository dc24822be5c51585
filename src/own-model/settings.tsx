// How the comparison is made: image tokens, the pyramid, positions, and where it runs.
import { useId } from 'react';
import { NumberBox } from '../pictures/number-box.tsx';
import type { ForeignBackend } from '../onnx/rewrite/session.ts';
import { pyramid, tokensPerLayer, type Planned } from './schedule.ts';
import type { GpuFacts, OpenedFacts } from './protocol.ts';
import { STEPS, TEXT_TOKENS } from './synthetic.ts';

export interface Settings {
  imageTokens: number;
  stages: number;
  lambda: number;
  firstCut: number;
  positions: 'renumber' | 'original';
  backend: ForeignBackend;
}
/** The paper's shape: cuts after a quarter, half and three quarters of the layers, half of the tokens each. */
export const firstSettings = ({ layers, maxTokens }: OpenedFacts, backend: ForeignBackend): Settings => ({
  imageTokens: Math.max(1, Math.min(576, maxTokens - TEXT_TOKENS - STEPS)),
  stages: Math.min(4, layers),
  lambda: 0.5,
  firstCut: Math.max(1, Math.round(layers / 4)),
  positions: 'renumber',
  backend,
});
export const planOf = ({ layers }: OpenedFacts, s: Settings): Planned => pyramid({ layers, image: s.imageTokens }, s);

/** A number with its name; whole where the step is. */
function NumberField({
  label,
  value,
  min,
  max,
  step,
  set,
  disabled,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  set(value: number): void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="own-field">
      <label htmlFor={id}>{label}</label>
      <NumberBox
        id={id}
        value={value}
        range={`${min} to ${max}`}
        fit={(n) => Math.min(max, Math.max(min, step >= 1 ? Math.round(n) : n))}
        set={set}
        disabled={disabled}
      />
    </div>
  );
}

export function SettingsForm({
  facts,
  settings,
  set,
  gpu,
  isBusy,
  isSmol,
}: {
  facts: OpenedFacts;
  settings: Settings;
  set(change: Partial<Settings>): void;
  gpu: GpuFacts | null;
  isBusy: boolean;
  /** The picture says how many image tokens there are. */ isSmol: boolean;
}) {
  const name = useId();
  const most = Math.min(4096, facts.maxTokens - TEXT_TOKENS - STEPS);
  const { schedule, notice } = planOf(facts, settings);
  return (
    <div className="own-settings">
      <div className="own-row">
        {!isSmol && (
          <NumberField
            label="Image tokens"
            value={settings.imageTokens}
            min={1}
            max={most}
            step={1}
            set={(imageTokens) => set({ imageTokens })}
            disabled={isBusy}
          />
        )}
        <NumberField
          label="Kept share λ"
          value={settings.lambda}
          min={0.05}
          max={0.95}
          step={0.05}
          set={(lambda) => set({ lambda })}
          disabled={isBusy}
        />
        <NumberField
          label="Stages"
          value={settings.stages}
          min={2}
          max={8}
          step={1}
          set={(stages) => set({ stages })}
          disabled={isBusy}
        />
        <NumberField
          label="First cut after layer"
          value={settings.firstCut}
          min={1}
          max={facts.layers - 1}
          step={1}
          set={(firstCut) => set({ firstCut })}
          disabled={isBusy}
        />
        <div className="own-field">
          <label htmlFor={`${name}-positions`}>Positions</label>
          <select
            id={`${name}-positions`}
            value={settings.positions}
            disabled={isBusy || facts.rotary === 'fused'}
            onChange={(e) => set({ positions: e.target.value as Settings['positions'] })}
          >
            <option value="renumber">renumbered (the paper)</option>
            <option value="original">original</option>
          </select>
        </div>
        <div className="own-field">
          <label htmlFor={`${name}-backend`}>Runs on</label>
          <select
            id={`${name}-backend`}
            value={settings.backend}
            disabled={isBusy}
            onChange={(e) => set({ backend: e.target.value as ForeignBackend })}
          >
            <option value="wasm">WASM (processor)</option>
            <option value="webgpu" disabled={!gpu?.isAvailable}>
              WebGPU{gpu && !gpu.isAvailable ? ' (not available)' : gpu?.isSoftware ? ' (software, slow)' : ''}
            </option>
          </select>
        </div>
      </div>
      <p className="tiny quiet">
        {isSmol
          ? `Cuts after layers ${schedule.cuts.map((c) => c.layer).join(', ')}; the photo says how many image tokens there are.`
          : `Image tokens per layer: ${tokensPerLayer(schedule).join(', ')}.`}{' '}
        {notice}
        {facts.rotary === 'fused'
          ? ' This model numbers its tokens inside the attention op: original positions are not possible.'
          : ''}
      </p>
    </div>
  );
}
