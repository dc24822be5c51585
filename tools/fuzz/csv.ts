// CSV: every table comes back cell by cell, and no text can be taken for a formula.
import { csvOf } from '../../src/app/charts/export.ts';
import type { Cell, TableData } from '../../src/pictures/data-table.tsx';
import type { Prng } from '../../src/util/prng.ts';
import { mutateText, ODD, pick } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

const cellOf = (random: Prng): Cell =>
  pick<Cell>(random, [
    null,
    random.normal(),
    NaN,
    -random.int(9),
    mutateText(random, pick(random, ['a', '"', '-1', ',\n', ...ODD])),
  ]);

/** The cells of CSV as a spreadsheet reads them. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (isQuoted && letter === '"' && text[i + 1] === '"') cell += text[++i];
    else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (letter === ',' || letter === '\n')) {
      rows[rows.length - 1].push(cell);
      cell = '';
      if (letter === '\n') rows.push([]);
    } else cell += letter;
  }
  return rows.slice(0, -1);
}

export const csvTarget: FuzzTarget<TableData> = {
  limitMs: 1000,
  make(random) {
    const columns = 1 + random.int(4);
    const row = () => Array.from({ length: columns }, () => cellOf(random));
    return { head: row().map(String), rows: Array.from({ length: random.int(5) }, row) };
  },
  run(table) {
    const read = parse(csvOf(table));
    const cells = [table.head, ...table.rows];
    if (read.length !== cells.length) throw new RangeError(`expected ${cells.length} rows; got ${read.length}`);
    cells.forEach((row, r) =>
      row.forEach((cell, c) => {
        const got = read[r][c];
        if (typeof cell === 'string' && /^[=+\-@\t\r]/.test(got)) throw new RangeError(`a formula: ${got}`);
        const wanted = typeof cell === 'string' ? cell : cell === null || !Number.isFinite(cell) ? '' : String(cell);
        if (got !== wanted && got !== `'${wanted}`) throw new RangeError(`expected "${wanted}"; got "${got}"`);
      }),
    );
    return 'the same cells';
  },
  shrink: ({ head, rows }) => [
    ...rows.map((_, i) => ({ head, rows: rows.filter((__, k) => k !== i) })),
    ...(head.length > 1
      ? head.map((_, i) => ({
          head: head.filter((__, k) => k !== i),
          rows: rows.map((row) => row.filter((__, k) => k !== i)),
        }))
      : []),
  ],
  show: (table) => JSON.stringify(table).slice(0, 400),
};
