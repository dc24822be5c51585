// How SmolVLM lays out a picture and a question: tiles of 512 pixels in rows, the whole picture last, 64 tokens for each.
// The layout follows the model's own processor (Idefics3 in the transformers library).
export const TILE = 512;
export const TOKENS_PER_TILE = 64;
export const CELLS = 8;
/** Longest side that a picture is brought to. */
const LONGEST = 2048;
export const END = '<end_of_utterance>';
const FAKE = '<fake_token_around_image>';
const IMAGE = '<image>';
const GLOBAL = '<global-img>';
export { IMAGE as IMAGE_TOKEN };

/** Rows and columns of tiles; 0 and 0 for the picture as one tile. */
export interface Tiling {
  rows: number;
  columns: number;
}

/** The longest side becomes 2,048 pixels (or `longest`), then both sides whole tiles. */
export function tilingOf(width: number, height: number, longest = LONGEST): Tiling {
  const even = (n: number) => n + (n % 2);
  const isWide = width >= height;
  const aspect = width / height;
  const w = isWide ? longest : Math.max(1, even(Math.trunc(longest * aspect)));
  const h = isWide ? Math.max(1, even(Math.trunc(longest / aspect))) : longest;
  const ratio = w / h;
  const up = (n: number) => Math.ceil(n / TILE);
  const columns = isWide ? up(w) : up(Math.trunc(up(h) * TILE * ratio));
  const rows = isWide ? up(Math.trunc((up(w) * TILE) / ratio)) : up(h);
  return rows * columns > 1 ? { rows: Math.max(1, rows), columns: Math.max(1, columns) } : { rows: 0, columns: 0 };
}
/** The tiles in the model's order: row by row, then the whole picture. */
export const tileCount = ({ rows, columns }: Tiling): number => rows * columns + 1;

/** The whole prompt as text, every image token written out. */
export function promptText(question: string, { rows, columns }: Tiling): string {
  const tokens = IMAGE.repeat(TOKENS_PER_TILE);
  let picture = '';
  for (let r = 1; r <= rows; r++) {
    for (let c = 1; c <= columns; c++) picture += `${FAKE}<row_${r}_col_${c}>${tokens}`;
    picture += '\n';
  }
  picture += `${rows ? '\n' : ''}${FAKE}${GLOBAL}${tokens}${FAKE}`;
  return `<|im_start|>User:${picture}${question.trim()}${END}\nAssistant:`;
}

/** Where image token number `i` lies: its tile, and its cell there. */
export const placeOfToken = (i: number): { tile: number; x: number; y: number } => ({
  tile: Math.floor(i / TOKENS_PER_TILE),
  x: i % CELLS,
  y: Math.floor((i % TOKENS_PER_TILE) / CELLS),
});

/** Image tokens alive after each cut, as numbers among the image tokens, from rows counted among those alive before it. */
export function keptImageTokens(isImage: readonly boolean[], keptRows: readonly ArrayLike<number>[]): number[][] {
  let number = 0;
  let alive = isImage.map((image) => (image ? number++ : -1));
  return keptRows.map((rows) => {
    alive = Array.from(rows, (r) => alive[r]);
    return alive.filter((n) => n >= 0);
  });
}
