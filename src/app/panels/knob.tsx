// One setting of a lab with native controls: a slider with its number box, a choice, or a switch.
import { useEffect, useId, useRef, useState } from 'react';
import { NumberBox } from '../../pictures/number-box.tsx';
import type { ChoiceControl, Control, KnobValue, NumberControl, ToggleControl } from '../../labs/_kit/contract/meta.ts';
import { fitNumber, rangeOf } from '../../labs/_kit/contract/knobs.ts';
import { formatShort } from '../../util/number-text.ts';
import { Icon } from '../parts/icon.tsx';
import { positionOf, positions, valueAt } from './slider-scale.ts';

interface KnobProps<C extends Control = Control> {
  control: C;
  value: KnobValue;
  /** What the run on screen used, where it differs. */
  used?: KnobValue;
  set(value: KnobValue, settled?: boolean): void;
}

const shown = (control: Control, value: KnobValue): string => {
  if (control.kind === 'toggle') return value ? 'on' : 'off';
  if (control.kind === 'choice')
    return control.options.find((option) => option.value === value)?.label ?? String(value);
  return typeof value === 'number' ? formatShort(value) + (control.unit ? ` ${control.unit}` : '') : String(value);
};

export function Knob({ control, value, used, set }: KnobProps) {
  const id = useId();
  const isDefault = value === control.default;
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="knob" role="group" aria-labelledby={`${id}-name`}>
      <div className="knob-head">
        <label id={`${id}-name`} htmlFor={id} title={control.help}>
          {control.label}
        </label>
        {control.live && (
          <span className="knob-live" title="The picture answers at once; no new run is needed">
            live
          </span>
        )}
        <button
          type="button"
          className="button plain small knob-why"
          aria-expanded={isOpen}
          aria-label={`What is ${control.label}?`}
          onClick={() => setOpen(!isOpen)}
        >
          ?
        </button>
        <button
          type="button"
          className="button plain small"
          disabled={isDefault}
          onClick={() => set(control.default)}
          aria-label={`Reset ${control.label} to ${shown(control, control.default)}`}
          title={`Default: ${shown(control, control.default)}`}
        >
          <Icon name="undo" size={14} />
        </button>
      </div>
      <Input id={id} control={control} value={value} set={set} />
      <p id={`${id}-help`} className="tiny quiet" hidden={!isOpen}>
        {control.help}
      </p>
      {used !== undefined && (
        <p className="tiny knob-used">
          {control.live ? 'The run used' : 'Takes effect on Run; the run on screen used'} {shown(control, used)}.
        </p>
      )}
    </div>
  );
}

function Input({ id, control, value, set }: { id: string } & Pick<KnobProps, 'control' | 'value' | 'set'>) {
  switch (control.kind) {
    case 'number':
      return <NumberInput id={id} control={control} value={value as number} set={set} />;
    case 'choice':
      return <ChoiceInput id={id} control={control} value={value} set={set} />;
    case 'toggle':
      return <ToggleInput id={id} control={control} value={value} set={set} />;
  }
}

function NumberInput({
  id,
  control,
  value,
  set,
}: {
  id: string;
  control: NumberControl;
  value: number;
  set: KnobProps['set'];
}) {
  const slider = useRef<HTMLInputElement>(null);
  const last = positions(control);
  const position = positionOf(control, value);
  // React's onChange is the browser's "input"; the browser's own "change" comes when a drag ends or a key has moved the slider.
  const settle = useRef(set);
  settle.current = set;
  useEffect(() => {
    const input = slider.current!;
    const onChange = () => settle.current(valueAt(control, Number(input.value)));
    input.addEventListener('change', onChange);
    return () => input.removeEventListener('change', onChange);
  }, [control]);
  return (
    <div className="knob-row">
      <input
        ref={slider}
        id={id}
        type="range"
        min={0}
        max={last}
        step={1}
        value={position}
        aria-describedby={`${id}-help`}
        aria-valuetext={formatShort(value) + (control.unit ? ` ${control.unit}` : '')}
        style={{ '--fill': `${(100 * position) / last}%` } as React.CSSProperties}
        onChange={(event) => set(valueAt(control, Number(event.target.value)), false)}
      />
      <NumberBox
        label={`${control.label}, value`}
        value={value}
        fit={(number) => fitNumber(control, number)}
        set={set}
        range={rangeOf(control)}
      />
      {control.unit && <span className="tiny quiet">{control.unit}</span>}
    </div>
  );
}

function ChoiceInput({
  id,
  control,
  value,
  set,
}: {
  id: string;
  control: ChoiceControl;
  value: KnobValue;
  set: KnobProps['set'];
}) {
  return (
    <select id={id} value={String(value)} aria-describedby={`${id}-help`} onChange={(event) => set(event.target.value)}>
      {control.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

const ToggleInput = ({
  id,
  control,
  value,
  set,
}: {
  id: string;
  control: ToggleControl;
  value: KnobValue;
  set: KnobProps['set'];
}) => (
  <div className="knob-row">
    <input
      id={id}
      type="checkbox"
      checked={value === true}
      aria-describedby={`${id}-help`}
      onChange={(event) => set(event.target.checked)}
    />
    <span className="small" aria-hidden="true">
      {shown(control, value)}
    </span>
  </div>
);
