// Arrow keys over the cells of a grid and over points in the plane.

/** Cell or point that a key leads to; null lets it go; undefined: the key is not for walking. */
export type Walk = (at: number | null, key: string) => number | null | undefined;

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Walks a grid of `rows` x `cols` cells, row-major, and stops at its edges. Starts in the first cell. */
export const gridWalk =
  (rows: number, cols: number): Walk =>
  (at, key) => {
    if (key === 'Escape') return null;
    const arrow = ARROWS[key];
    if (!arrow) return undefined;
    if (at === null) return 0;
    const col = Math.max(0, Math.min(cols - 1, (at % cols) + arrow[0]));
    const row = Math.max(0, Math.min(rows - 1, Math.floor(at / cols) + arrow[1]));
    return row * cols + col;
  };

/** Goes to the nearest point in the arrow's quarter of the plane, y downwards; Home and End to the first and the last. */
export const pointWalk =
  (count: number, place: (i: number) => readonly [number, number]): Walk =>
  (at, key) => {
    if (key === 'Escape') return null;
    if (key === 'Home' || key === 'End') return count ? (key === 'Home' ? 0 : count - 1) : null;
    const arrow = ARROWS[key];
    if (!arrow) return undefined;
    if (at === null || at >= count) return count ? 0 : null;
    const [x, y] = place(at);
    let best = at;
    let least = Infinity;
    for (let i = 0; i < count; i++) {
      const [px, py] = place(i);
      const along = (px - x) * arrow[0] + (py - y) * arrow[1];
      const aside = Math.abs((px - x) * arrow[1]) + Math.abs((py - y) * arrow[0]);
      if (i === at || along <= 0 || aside > along) continue;
      const distance = along + 2 * aside;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  };

/** A key handler that walks; keys with modifiers stay the browser's. */
export const onWalk =
  (walk: Walk, at: number | null, go: (to: number | null) => void) =>
  (event: React.KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = walk(at, event.key);
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };

/** The point nearest to a place, within `reach` pixels; null where there is none. */
export function nearestPoint(
  count: number,
  place: (i: number) => readonly [number, number],
  x: number,
  y: number,
  reach = 20,
): number | null {
  let best: number | null = null;
  let least = reach ** 2;
  for (let i = 0; i < count; i++) {
    const [px, py] = place(i);
    const distance = (px - x) ** 2 + (py - y) ** 2;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}
