// Lines by name. Pointing at one, or its focus, brings it forward everywhere on the page.
import type { ArmStyle } from './arm-colors.ts';
import { Swatch } from './swatch.tsx';
import './pictures.css';

export interface LegendProps {
  label: string;
  items: readonly { id: string; label: string; style: Pick<ArmStyle, 'color' | 'dash'> | undefined }[];
  hovered?: string | null;
  /** Without it the names are plain text. */
  hover?(id: string | null): void;
}

export const Legend = ({ label, items, hovered = null, hover }: LegendProps) => (
  <ul className="line-legend" aria-label={label}>
    {items.map(({ id, label, style }) => (
      <li key={id} data-front={hovered === id || undefined}>
        {hover ? (
          <button
            type="button"
            onPointerEnter={() => hover(id)}
            onPointerLeave={() => hover(null)}
            onFocus={() => hover(id)}
            onBlur={() => hover(null)}
          >
            <Swatch style={style} />
            {label}
          </button>
        ) : (
          <span>
            <Swatch style={style} />
            {label}
          </span>
        )}
      </li>
    ))}
  </ul>
);
