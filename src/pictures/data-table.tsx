// Tables of a picture's numbers: in the place of a chart, or folded below a picture.
import type { ReactNode } from 'react';
import { formatShort } from '../util/number-text.ts';
import './pictures.css';

export type Cell = string | number | null;
/** Numbers in full: they also go into files. */
export interface TableData {
  head: string[];
  rows: Cell[][];
}

export interface DataTableProps {
  data: TableData;
  caption: string;
  /** Writes the numbers; four digits unless told. */
  format?(value: number): string;
}

/** A table that scrolls in its own box. */
export const DataTable = ({ data, format = formatShort, caption }: DataTableProps) => (
  <div className="data-table" tabIndex={0} role="region" aria-label={`${caption}, numbers`}>
    <table>
      <caption className="hidden-text">{caption}</caption>
      <TableHead names={data.head} />
      <tbody>
        {data.rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, k) =>
              k === 0 ? (
                <th key={k} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={k}>{typeof cell === 'number' ? format(cell) : (cell ?? '–')}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
    {data.rows.length === 0 && <p className="tiny quiet">No numbers yet.</p>}
  </div>
);

const TableHead = ({ names }: { names: readonly ReactNode[] }) => (
  <thead>
    <tr>
      {names.map((name, i) => (
        <th key={i} scope="col">
          {name}
        </th>
      ))}
    </tr>
  </thead>
);

export interface FoldedTable {
  caption: ReactNode;
  head: readonly ReactNode[];
  /** The first cell of a row names it. */
  rows: readonly (readonly ReactNode[])[];
}

export interface FoldedTablesProps {
  /** What unfolds them: "The picture as a table". */
  summary: string;
  tables: readonly FoldedTable[];
  /** Where the cells after the first stand. */
  align?: 'left' | 'right';
}

/** The numbers of a picture, already written out, below it. */
export const FoldedTables = ({ summary, tables, align = 'right' }: FoldedTablesProps) => (
  <details className="folded-tables" data-align={align}>
    <summary>{summary}</summary>
    <div className="folded-tables-body" tabIndex={0} role="region" aria-label={summary}>
      {tables
        .filter(({ rows }) => rows.length > 0)
        .map(({ caption, head, rows }, t) => (
          <table key={t}>
            <caption>{caption}</caption>
            <TableHead names={head} />
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, k) =>
                    k === 0 ? (
                      <th key={k} scope="row">
                        {cell}
                      </th>
                    ) : (
                      <td key={k}>{cell}</td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
    </div>
  </details>
);
