// An arm's marker: shape and colour, so that neither stands alone.
import type { ArmStyle, Marker } from './arm-colors.ts';

const SHAPES: Record<Marker, (r: number) => { d: string; hollow?: boolean }> = {
  circle: (r) => ({ d: `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z` }),
  square: (r) => ({ d: `M${-r * 0.9} ${-r * 0.9}h${r * 1.8}v${r * 1.8}h${-r * 1.8}z` }),
  triangle: (r) => ({ d: `M0 ${-r * 1.15}L${r * 1.1} ${r * 0.85}H${-r * 1.1}z` }),
  diamond: (r) => ({ d: `M0 ${-r * 1.25}L${r * 1.1} 0L0 ${r * 1.25}L${-r * 1.1} 0z` }),
  cross: (r) => ({ d: `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`, hollow: true }),
  ring: (r) => ({ d: `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`, hollow: true }),
  star: (r) => ({
    d: `M0 ${-r}V${r}M${-r * 0.87} ${-r / 2}L${r * 0.87} ${r / 2}M${r * 0.87} ${-r / 2}L${-r * 0.87} ${r / 2}`,
    hollow: true,
  }),
  bar: (r) => ({ d: `M${-r * 0.45} ${-r * 1.2}h${r * 0.9}v${r * 2.4}h${-r * 0.9}z` }),
};

export function MarkerShape({
  style,
  x,
  y,
  r = 4,
  opacity = 1,
}: {
  style: ArmStyle | undefined;
  x: number;
  y: number;
  r?: number;
  opacity?: number;
}) {
  const { d, hollow } = SHAPES[style?.marker ?? 'circle'](r);
  const color = style?.color ?? 'var(--ink-3)';
  return (
    <path
      d={d}
      transform={`translate(${x} ${y})`}
      fill={hollow ? 'none' : color}
      stroke={hollow ? color : 'var(--surface)'}
      strokeWidth={hollow ? 2 : 1}
      opacity={opacity}
    />
  );
}

/** Line and marker as they stand in a legend. */
export const ArmKey = ({ style }: { style: ArmStyle | undefined }) => (
  <svg className="arm-key" width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
    <path
      d="M1 6h24"
      stroke={style?.color ?? 'currentColor'}
      strokeWidth="2"
      strokeDasharray={style?.dash}
      fill="none"
    />
    <MarkerShape style={style} x={13} y={6} r={3.4} />
  </svg>
);
