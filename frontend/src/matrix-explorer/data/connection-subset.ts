// The connections that one looks at: among the selected cells, else those that are seen.

import type { Store } from "../store";
import { entriesWithin, firstFrom, type Layout } from "./ordered-matrix";

export interface Focus {
  /** Numbers of the connections in the data. */
  entries: Uint32Array;
  of: "selection" | "view" | "all";
}

export function focusOf(store: Store): Focus {
  const { layout, seen } = store;
  const [rows, columns] = [store.selectedPlaces("pre"), store.selectedPlaces("post")];
  if (rows.length === 0 && columns.length === 0) {
    const of = store.isWhole ? "all" : "view";
    return { entries: entriesWithin(layout, seen.rows, seen.columns), of };
  }
  return { entries: entriesAmong(layout, rows, columns), of: "selection" };
}

/** Connections of some rows and columns as shown; an axis of which none is named counts whole. */
export function entriesAmong(
  layout: Layout,
  rows: readonly number[],
  columns: readonly number[],
): Uint32Array {
  const chosen = new Uint8Array(layout.nColumns).fill(columns.length === 0 ? 1 : 0);
  for (const column of columns) chosen[column] = 1;
  const [first, last] = [columns[0] ?? 0, columns.at(-1) ?? layout.nColumns - 1];
  const found = new Uint32Array(layout.places.length);
  let n = 0;
  const take = (row: number) => {
    const until = firstFrom(layout, row, last + 1);
    for (let at = firstFrom(layout, row, first); at < until; at++) {
      if (chosen[layout.places[at] as number]) found[n++] = layout.entries[at] as number;
    }
  };
  if (rows.length > 0) rows.forEach(take);
  else for (let row = 0; row < layout.nRows; row++) take(row);
  return found.slice(0, n);
}
