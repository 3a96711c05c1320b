// Text search: every word must occur in a label of the cell, or its root id must begin with it.
import { getColumn, type Table } from "../../shared/columns";
import type { RootId } from "../../shared/root-ids";

const cache = new WeakMap<Table, RootId[]>();

/** Root ids of all rows; created once per table, since turning 64 bits into text is slow. */
export function rootIds(table: Table): RootId[] {
  let ids = cache.get(table);
  if (!ids) {
    const column = getColumn(table, "pt_root_id", "ids");
    ids = Array.from({ length: table.rows }, (_, row) => column.at(row));
    cache.set(table, ids);
  }
  return ids;
}

/** Tells which rows a search finds. Case does not matter; an empty search finds all rows. */
export function searchPredicate(table: Table, search: string): (row: number) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = new Uint8Array(table.rows).fill(1);
  for (const word of words) {
    const wordMatches = new Uint8Array(table.rows);
    markLabels(table, word, wordMatches);
    if (/^[0-9]+$/.test(word)) markIds(table, word, wordMatches);
    for (let row = 0; row < matches.length; row++)
      matches[row] = (matches[row] ?? 0) & (wordMatches[row] ?? 0);
  }
  return (row) => matches[row] === 1;
}

function markLabels(table: Table, word: string, wordMatches: Uint8Array): void {
  for (const column of table.columns.values()) {
    if (column.kind !== "text") continue;
    const labelMatches = Uint8Array.from(column.labels, (label) =>
      Number(label.toLowerCase().includes(word)),
    );
    if (!labelMatches.includes(1)) continue;
    const { codes } = column;
    for (let row = 0; row < wordMatches.length; row++) {
      if (labelMatches[codes[row] ?? -1] === 1) wordMatches[row] = 1;
    }
  }
}

function markIds(table: Table, beginning: string, wordMatches: Uint8Array): void {
  rootIds(table).forEach((id, row) => {
    if (id.startsWith(beginning)) wordMatches[row] = 1;
  });
}
