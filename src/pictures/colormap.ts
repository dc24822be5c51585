// Colour maps for pictures: cividis for amounts, blue-white-orange for signed values. Readable without colour vision.

/** Red, green, blue in 0..255. */
export type Rgb = [number, number, number];

// Anchors of cividis (Nuñez, Anderton & Renslow 2018), at equal distances.
const CIVIDIS: Rgb[] = [
  [0, 32, 77],
  [33, 59, 111],
  [76, 85, 108],
  [108, 110, 114],
  [142, 137, 120],
  [178, 167, 112],
  [217, 199, 92],
  [255, 234, 70],
];
const SIGNED: Rgb[] = [
  [0, 68, 136],
  [67, 147, 195],
  [178, 212, 232],
  [246, 244, 238],
  [253, 205, 140],
  [224, 130, 20],
  [140, 68, 0],
];

function along(stops: Rgb[], t: number): Rgb {
  const at = Math.min(1, Math.max(0, Number.isFinite(t) ? t : 0)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const f = at - i;
  return stops[i].map((from, k) => Math.round(from + f * (stops[i + 1][k] - from))) as Rgb;
}

/** Dark blue to yellow for t in 0..1. */
export const cividis = (t: number): Rgb => along(CIVIDIS, t);
/** Blue below, orange above, near white at 0, for t in -1..1. */
export const signedColor = (t: number): Rgb => along(SIGNED, (t + 1) / 2);
export const cssRgb = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** Relative luminance as WCAG 2 defines it, 0..1. */
export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
/** WCAG contrast of two colours, 1..21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
/** Black or white, whichever reads better on the colour: at least 4.5:1. */
export const inkOn = (rgb: Rgb): string =>
  contrast(rgb, [0, 0, 0]) > contrast(rgb, [255, 255, 255]) ? '#000000' : '#ffffff';
