// Takes results off the page: files of CSV, SVG, PNG and JSON, with what the figure shows written on it.
import type { Cell, TableData } from '../../pictures/data-table.tsx';

/** Spreadsheets take a text that begins so for a formula; an apostrophe before it keeps it a text. */
const FORMULA = /^[=+\-@\t\r]/;

/** Comma-separated text; numbers in full, texts quoted where they must be and never a formula. */
export function csvOf({ head, rows }: TableData): string {
  const cell = (value: Cell): string => {
    if (value === null) return '';
    if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
    const safe = FORMULA.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\n') + '\n';
}

export function saveFile(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A file name that every system takes. */
export const fileName = (...parts: string[]): string =>
  parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);

const KEPT = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'vector-effect',
];
const HEAD = 34;
const MARGIN = 12;
const LINE = 18;

export interface LegendItem {
  label: string;
  color: string;
  dash: string;
}
export interface Caption {
  title: string;
  note: string;
  legend: LegendItem[];
}

/** A chart as a file of its own: styles written into it, with title, note and the page's colours. */
export function svgFile(svg: SVGSVGElement, { title, note, legend }: Caption): string {
  const clone = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll('*')];
  const to = [clone, ...clone.querySelectorAll('*')];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    to[i].setAttribute('style', KEPT.map((name) => `${name}:${style.getPropertyValue(name)}`).join(';'));
    to[i].removeAttribute('class');
  });
  const { width, height } = svg.getBoundingClientRect();
  const root = getComputedStyle(document.documentElement);
  const color = (name: string) => root.getPropertyValue(name).trim();
  clone.setAttribute('x', String(MARGIN));
  clone.setAttribute('y', String(HEAD));
  clone.setAttribute('width', String(width));
  clone.setAttribute('height', String(height));
  const text = (y: number, size: number, fill: string, content: string) =>
    `<text x="${MARGIN}" y="${y}" font-family="Inter, system-ui, sans-serif" font-size="${size}" fill="${fill}">${escapeXml(content)}</text>`;
  const keys = legendRows(legend, width);
  const lines = wrapped(note, Math.floor(width / 5.8));
  const below = height + HEAD + LINE;
  const all = { width: width + 2 * MARGIN, height: below + (keys.length + lines.length) * LINE };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${all.width}" height="${all.height}" viewBox="0 0 ${all.width} ${all.height}">
<rect width="100%" height="100%" fill="${color('--surface')}"/>${text(22, 15, color('--ink'), title)}
${new XMLSerializer().serializeToString(clone)}
${keys.flatMap((row, i) => row.map(({ label, color: stroke, dash, x }) => `<path d="M${MARGIN + x} ${below + i * LINE - 4}h22" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${MARGIN + x + 28}" y="${below + i * LINE}" font-family="Inter, system-ui, sans-serif" font-size="12" fill="${color('--ink')}">${escapeXml(label)}</text>`)).join('')}
${lines.map((line, i) => text(below + (keys.length + i) * LINE, 11, color('--ink-3'), line)).join('')}</svg>`;
}
/** Legend entries in rows that fit the width, by a rough measure of the letters. */
export function legendRows(legend: LegendItem[], width: number): (LegendItem & { x: number })[][] {
  const rows: (LegendItem & { x: number })[][] = [];
  let x = Infinity;
  for (const item of legend) {
    const size = 46 + item.label.length * 7;
    if (x + size > width) {
      rows.push([]);
      x = 0;
    }
    rows[rows.length - 1].push({ ...item, x });
    x += size;
  }
  return rows;
}

/** Lines of at most `most` letters, broken between words. */
export function wrapped(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last && last.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** The same as a picture, twice as fine as the screen's points. */
export async function pngFile(svg: SVGSVGElement, caption: Caption): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgFile(svg, caption))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvasPng(canvas);
}

export const canvasPng = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The browser could not make a picture of this chart.'))),
      'image/png',
    ),
  );
