// A piece of an arm's line, in its colour and dash.
import type { ArmStyle } from './arm-colors.ts';

export const Swatch = ({ style }: { style: Pick<ArmStyle, 'color' | 'dash'> | undefined }) => (
  <svg className="line-swatch" width="18" height="8" viewBox="0 0 18 8" aria-hidden="true">
    <path
      d="M1 4h16"
      stroke={style?.color ?? 'currentColor'}
      strokeWidth="2.5"
      strokeDasharray={style?.dash}
      fill="none"
    />
  </svg>
);
