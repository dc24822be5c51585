// One colour, dash and marker per arm, kept everywhere: curve, picture, table, legend. Hues after Okabe & Ito, adapted
// in lightness so that each reaches 3:1 against the page in both themes.

export type Theme = 'light' | 'dark';
export type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'ring' | 'star' | 'bar';

/** What of an arm decides its looks. */
export interface StyledArm {
  id: string;
  role: 'method' | 'baseline' | 'reference';
}

export interface ArmStyle {
  /** For CSS and SVG; follows the theme. */
  color: string;
  /** For canvases. */
  hex: Record<Theme, string>;
  /** SVG stroke-dasharray; empty for a solid line. */
  dash: string;
  marker: Marker;
}

interface Hue {
  name: string;
  light: string;
  dark: string;
}

/** Order: method, baseline, then the others; grey is kept for references. */
export const ARM_HUES: readonly Hue[] = [
  { name: 'blue', light: '#0072b2', dark: '#4ba7e0' },
  { name: 'orange', light: '#b87400', dark: '#e69f00' },
  { name: 'green', light: '#00805d', dark: '#1fb98c' },
  { name: 'vermillion', light: '#c84f00', dark: '#f0783c' },
  { name: 'purple', light: '#b05586', dark: '#d98cb3' },
  { name: 'sky', light: '#2787bd', dark: '#7cc8f2' },
];
export const REFERENCE_HUE: Hue = { name: 'grey', light: '#6b6a66', dark: '#a3a7ad' };

const DASHES = ['', '7 4', '2 3', '10 3 2 3', '12 4', '4 2 1 2', '1 4', '14 3 4 3'];
const MARKERS: readonly Marker[] = ['circle', 'square', 'triangle', 'diamond', 'cross', 'ring', 'star', 'bar'];

const styleOf = (hue: Hue, variable: string, order: number): ArmStyle => ({
  color: `var(${variable})`,
  hex: { light: hue.light, dark: hue.dark },
  dash: DASHES[order % DASHES.length],
  marker: MARKERS[order % MARKERS.length],
});

/** Arms in the order in which they take hues: first method, first baseline, then as listed; references apart. */
function hueOrder(arms: readonly StyledArm[]): string[] {
  const racing = arms.filter((arm) => arm.role !== 'reference');
  const lead = [racing.find((arm) => arm.role === 'method'), racing.find((arm) => arm.role === 'baseline')].filter(
    (arm) => arm !== undefined,
  );
  return [...lead, ...racing.filter((arm) => !lead.includes(arm))].map((arm) => arm.id);
}

/** Style of every arm, by id. The same arms give the same styles. */
export function armStyles(arms: readonly StyledArm[]): Record<string, ArmStyle> {
  const styles: Record<string, ArmStyle> = {};
  hueOrder(arms).forEach((id, i) => {
    styles[id] = styleOf(ARM_HUES[i % ARM_HUES.length], `--arm-${i % ARM_HUES.length}`, i);
  });
  arms
    .filter((arm) => arm.role === 'reference')
    .forEach((arm, i) => {
      styles[arm.id] = styleOf(REFERENCE_HUE, '--arm-reference', i + 2);
    });
  return styles;
}

/** The CSS custom properties behind `ArmStyle.color`, one rule per theme. */
export function armColorCss(): string {
  const rule = (theme: Theme) =>
    [...ARM_HUES.map((hue, i) => `--arm-${i}:${hue[theme]}`), `--arm-reference:${REFERENCE_HUE[theme]}`].join(';');
  return `:root{${rule('light')}}:root[data-theme="dark"]{${rule('dark')}}`;
}
