// The connections of interest: those among the selected cells or, without a selection, in view.

import type { Store } from "../store";
import { entriesWithin, firstFrom, type Layout } from "./ordered-matrix";

export interface ConnectionSubset {
  /** Indices of the connections in the data. */
  entries: Uint32Array;
  of: "selection" | "view" | "all";
}

export function connectionSubset(store: Store): ConnectionSubset {
  const { layout, visible } = store;
  const [rows, columns] = [store.selectedPlaces("pre"), store.selectedPlaces("post")];
  if (rows.length === 0 && columns.length === 0) {
    const of = store.isWhole ? "all" : "view";
    return { entries: entriesWithin(layout, visible.rows, visible.columns), of };
  }
  return { entries: entriesAmong(layout, rows, columns), of: "selection" };
}

/** Connections among some rows and columns as shown; an empty list stands for a whole axis. */
export function entriesAmong(
  layout: Layout,
  rows: readonly number[],
  columns: readonly number[],
): Uint32Array {
  const included = new Uint8Array(layout.nColumns).fill(columns.length === 0 ? 1 : 0);
  for (const column of columns) included[column] = 1;
  const [first, last] = [columns[0] ?? 0, columns.at(-1) ?? layout.nColumns - 1];
  const entries = new Uint32Array(layout.places.length);
  let n = 0;
  const collect = (row: number) => {
    const until = firstFrom(layout, row, last + 1);
    for (let at = firstFrom(layout, row, first); at < until; at++) {
      if (included[layout.places[at] as number]) entries[n++] = layout.entries[at] as number;
    }
  };
  if (rows.length > 0) rows.forEach(collect);
  else for (let row = 0; row < layout.nRows; row++) collect(row);
  return entries.slice(0, n);
}
