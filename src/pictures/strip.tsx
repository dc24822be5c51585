// A row of things with a value each, tinted by it: the words of a sentence, the layers of a network, the tasks of a stream.
import { useMemo } from 'react';
import { cividis, cssRgb, inkOn, signedColor } from './colormap.ts';
import { shadeOf } from './read-payload.ts';
import './pictures.css';

export interface StripProps {
  /** Name of the list. */
  title: string;
  items: readonly {
    label: string;
    /** Null where there is none: drawn as an empty cell. */
    value: number | null;
    /** Struck out: left out, masked, pruned. */
    isOut?: boolean;
  }[];
  /** Ends of the colours; the values' own unless told. */
  min?: number;
  max?: number;
  signed?: boolean;
  /** A value in words, for the title of its cell. */
  text(value: number): string;
  chosen?: number | null;
  /** Makes buttons of the cells. */
  choose?(i: number | null): void;
}

export function Strip({ title, items, min, max, signed, text, chosen = null, choose }: StripProps) {
  const color = useMemo(() => {
    const values = items.map(({ value }) => value);
    const shade = shadeOf({ rows: 1, cols: values.length, values, min, max, signed });
    return (value: number) => (signed ? signedColor : cividis)(shade(value));
  }, [items, min, max, signed]);
  return (
    <ul className="strip" aria-label={title}>
      {items.map(({ label, value, isOut }, i) => {
        const rgb = value === null || isOut ? null : color(value);
        const words = `${label}: ${isOut ? 'left out' : value === null ? 'no value' : text(value)}`;
        const look = rgb ? { background: cssRgb(rgb), color: inkOn(rgb) } : undefined;
        const common = { title: words, 'aria-label': words, 'data-out': isOut || undefined, style: look };
        return (
          <li key={i}>
            {choose ? (
              <button
                type="button"
                {...common}
                aria-pressed={chosen === i}
                onClick={() => choose(chosen === i ? null : i)}
              >
                {label}
              </button>
            ) : (
              <span role="img" {...common}>
                {label}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
