// A row of small switches: arms to compare, classes to follow, layers to show.
import type { ArmStyle } from './arm-colors.ts';
import { Swatch } from './swatch.tsx';
import './pictures.css';

export interface Chip<Id extends string | number> {
  id: Id;
  label: string;
  isOn: boolean;
  style?: ArmStyle;
  title?: string;
}

export interface ChipsProps<Id extends string | number> {
  /** Name of the group. */
  label: string;
  /** Writes the name before the chips. */
  hasLabel?: boolean;
  items: readonly Chip<Id>[];
  press(id: NoInfer<Id>): void;
  /** Pointer or focus on a chip; null when it leaves. */
  point?(id: NoInfer<Id> | null): void;
  look?: 'box' | 'bare' | 'round';
}

export function Chips<Id extends string | number>({
  label,
  hasLabel = false,
  items,
  press,
  point,
  look = 'box',
}: ChipsProps<Id>) {
  return (
    <div className="chips" data-look={look} role="group" aria-label={label} onPointerLeave={() => point?.(null)}>
      {hasLabel && <span className="chips-label">{label}</span>}
      {items.map(({ id, label, isOn, style, title }) => (
        <button
          key={id}
          type="button"
          aria-pressed={isOn}
          title={title}
          onClick={() => press(id)}
          onPointerEnter={() => point?.(id)}
          onFocus={() => point?.(id)}
          onBlur={() => point?.(null)}
        >
          {style && <Swatch style={style} />}
          {label}
        </button>
      ))}
    </div>
  );
}
