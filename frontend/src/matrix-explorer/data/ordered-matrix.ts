// The matrix in the order in which it is shown: compressed sparse rows again, so that a window of
// it is accessed without scanning the rest.

import type { Order } from "./cell-order";
import type { MatrixData } from "./matrix-data";

export interface Layout {
  nRows: number;
  nColumns: number;
  /** Row and column of the data shown at each place, and the inverse. */
  rowAt: Order;
  columnAt: Order;
  placeOfRow: Order;
  placeOfColumn: Order;
  begin: Uint32Array;
  /** Column as shown of each connection, ascending within each row. */
  places: Uint32Array;
  /** Index of each connection in the data. */
  entries: Uint32Array;
}

/** The connections by column; computed once, because every new order needs them. */
export interface ByColumn {
  begin: Uint32Array;
  rows: Uint32Array;
  entries: Uint32Array;
}

export function byColumn(data: MatrixData): ByColumn {
  const n = data.places.length;
  const begin = new Uint32Array(data.columns.size + 1);
  for (let entry = 0; entry < n; entry++) {
    const after = (data.places[entry] as number) + 1;
    begin[after] = (begin[after] as number) + 1;
  }
  for (let column = 1; column < begin.length; column++) {
    begin[column] = (begin[column] as number) + (begin[column - 1] as number);
  }
  const next = begin.slice();
  const rows = new Uint32Array(n);
  const entries = new Uint32Array(n);
  for (let row = 0; row < data.rows.size; row++) {
    const end = data.begin[row + 1] as number;
    for (let entry = data.begin[row] as number; entry < end; entry++) {
      const column = data.places[entry] as number;
      const at = next[column] as number;
      next[column] = at + 1;
      rows[at] = row;
      entries[at] = entry;
    }
  }
  return { begin, rows, entries };
}

/** Orders the matrix by transposing it back, which leaves the columns of each row sorted. */
export function layOut(
  data: MatrixData,
  transposed: ByColumn,
  rowAt: Order,
  columnAt: Order,
): Layout {
  const placeOfRow = inverse(rowAt);
  const begin = new Uint32Array(rowAt.length + 1);
  for (let place = 0; place < rowAt.length; place++) {
    const row = rowAt[place] as number;
    const n = (data.begin[row + 1] as number) - (data.begin[row] as number);
    begin[place + 1] = (begin[place] as number) + n;
  }
  const next = Uint32Array.from(placeOfRow, (place) => begin[place] as number);
  const places = new Uint32Array(data.places.length);
  const entries = new Uint32Array(data.places.length);
  for (let place = 0; place < columnAt.length; place++) {
    const column = columnAt[place] as number;
    const end = transposed.begin[column + 1] as number;
    for (let k = transposed.begin[column] as number; k < end; k++) {
      const row = transposed.rows[k] as number;
      const at = next[row] as number;
      next[row] = at + 1;
      places[at] = place;
      entries[at] = transposed.entries[k] as number;
    }
  }
  return {
    nRows: rowAt.length,
    nColumns: columnAt.length,
    rowAt,
    columnAt,
    placeOfRow,
    placeOfColumn: inverse(columnAt),
    begin,
    places,
    entries,
  };
}

/** Values of all connections, rearranged from the order of the data to that of a layout. */
export function inLayout(layout: Layout, steps: Uint8Array): Uint8Array {
  const arranged = new Uint8Array(steps.length);
  const { entries } = layout;
  for (let at = 0; at < arranged.length; at++)
    arranged[at] = steps[entries[at] as number] as number;
  return arranged;
}

/** Where the connections of a shown row begin from a column on. */
export function firstFrom(layout: Layout, row: number, column: number): number {
  let low = layout.begin[row] as number;
  let high = layout.begin[row + 1] as number;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((layout.places[middle] as number) < column) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index in the data of the connection at a shown row and column; -1 if there is none. */
export function entryAt(layout: Layout, row: number, column: number): number {
  const at = firstFrom(layout, row, column);
  const exists = at < (layout.begin[row + 1] as number) && layout.places[at] === column;
  return exists ? (layout.entries[at] as number) : -1;
}

/** Indices of the connections in ranges of rows and columns (start and one past the end). */
export function entriesWithin(
  layout: Layout,
  rows: readonly [number, number],
  columns: readonly [number, number],
): Uint32Array {
  const parts: Uint32Array[] = [];
  let n = 0;
  for (let row = rows[0]; row < rows[1]; row++) {
    const part = layout.entries.subarray(
      firstFrom(layout, row, columns[0]),
      firstFrom(layout, row, columns[1]),
    );
    parts.push(part);
    n += part.length;
  }
  const all = new Uint32Array(n);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function inverse(order: Order): Order {
  const places = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place] as number] = place;
  return places;
}
