// The same picture once per arm, class or round, side by side; as many in a row as fit.
import type { CSSProperties, ReactNode } from 'react';
import type { ArmStyle } from './arm-colors.ts';
import { Swatch } from './swatch.tsx';
import './pictures.css';

export interface Panel {
  id: string;
  label: string;
  style?: ArmStyle;
}

export interface SmallMultiplesProps<P extends Panel> {
  panels: readonly P[];
  /** Least width of a panel in pixels; two stand side by side on a phone all the same. */
  least?: number;
  /** Panel brought forward. */
  front?: string | null;
  point?(id: string | null): void;
  children(panel: P): ReactNode;
}

export const SmallMultiples = <P extends Panel>({
  panels,
  least = 230,
  front = null,
  point,
  children,
}: SmallMultiplesProps<P>) => (
  <div className="multiples" style={{ '--least': `${least}px` } as CSSProperties}>
    {panels.map((panel) => (
      <figure
        key={panel.id}
        data-front={front === panel.id || undefined}
        onPointerEnter={() => point?.(panel.id)}
        onPointerLeave={() => point?.(null)}
      >
        <figcaption>
          {panel.style && <Swatch style={panel.style} />}
          {panel.label}
        </figcaption>
        {children(panel)}
      </figure>
    ))}
  </div>
);
