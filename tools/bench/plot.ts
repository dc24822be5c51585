// Small line plots as an SVG file: logarithmic axes, side by side, readable on light and dark pages.
export interface Panel {
  title: string;
  lines: { name: string; points: readonly (readonly [number, number])[] }[];
}

const WIDTH = 250;
const HEIGHT = 200;
const LEFT = 44;
const TOP = 28;
const BOTTOM = 34;
const RIGHT = 14;
const STYLE = `text{font:11px system-ui,sans-serif;fill:#57606a}.grid{stroke:#8886;stroke-width:.5}path{fill:none;stroke-width:2}
.c0{stroke:#0969da;fill:#0969da}.c1{stroke:#bc4c00;fill:#bc4c00}.c2{stroke:#1a7f37;fill:#1a7f37}text.c0,text.c1,text.c2{stroke:none}
@media(prefers-color-scheme:dark){text{fill:#adbac7}.c0{stroke:#539bf5;fill:#539bf5}.c1{stroke:#f0883e;fill:#f0883e}.c2{stroke:#57ab5a;fill:#57ab5a}}`;

type Scale = (value: number) => number;
const logScale =
  (low: number, high: number, from: number, to: number): Scale =>
  (v) =>
    from + ((to - from) * Math.log(v / low)) / Math.log(high / low);
const n = (v: number) => v.toFixed(1);

/** One SVG with all panels, which share the vertical axis. @throws Error without positive values */
export function plotSvg(panels: readonly Panel[], unit: string): string {
  const ys = panels.flatMap((p) => p.lines.flatMap((l) => l.points.map(([, y]) => y)));
  if (!ys.length || Math.min(...ys) <= 0)
    throw new Error(`plot: expected positive values; got ${ys.length ? Math.min(...ys) : 'none'}`);
  const low = 10 ** Math.floor(Math.log10(Math.min(...ys)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...ys)));
  const y = logScale(low, high, HEIGHT - BOTTOM, TOP);
  const total = panels.length * WIDTH;
  const names = panels[0].lines
    .map((l, i) => `<text class="c${i}" x="${LEFT + 90 * i}" y="${HEIGHT + 12}">${l.name}</text>`)
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${HEIGHT + 20}" width="${total}" height="${HEIGHT + 20}" role="img" aria-label="${unit} against ${panels.map((p) => p.title).join('; ')}"><style>${STYLE}</style>${panels.map((p, i) => panel(p, i * WIDTH, y, low, high, i === 0 ? unit : '')).join('')}${names}</svg>\n`;
}

function panel({ title, lines }: Panel, left: number, y: Scale, low: number, high: number, unit: string): string {
  const xs = [...new Set(lines.flatMap((l) => l.points.map(([x]) => x)))].sort((a, b) => a - b);
  const x = logScale(xs[0], xs[xs.length - 1], left + LEFT, left + WIDTH - RIGHT);
  const rows: string[] = [];
  for (let v = low; v <= high * 1.001; v *= 10)
    rows.push(
      `<line class="grid" x1="${left + LEFT}" x2="${left + WIDTH - RIGHT}" y1="${n(y(v))}" y2="${n(y(v))}"/><text x="${left + LEFT - 4}" y="${n(y(v) + 4)}" text-anchor="end">${Number(v.toPrecision(1))}</text>`,
    );
  const ticks = xs.map((v) => `<text x="${n(x(v))}" y="${HEIGHT - BOTTOM + 15}" text-anchor="middle">${v}</text>`);
  const drawn = lines.map(
    (l, i) =>
      `<path class="c${i}" style="fill:none" d="M${l.points.map(([px, py]) => `${n(x(px))} ${n(y(py))}`).join('L')}"/>${l.points.map(([px, py]) => `<circle class="c${i}" r="2.5" cx="${n(x(px))}" cy="${n(y(py))}"/>`).join('')}`,
  );
  return `<text x="${left + LEFT}" y="14">${title}</text>${unit && `<text x="${left + LEFT - 4}" y="14" text-anchor="end">${unit}</text>`}${rows.join('')}${ticks.join('')}${drawn.join('')}`;
}
