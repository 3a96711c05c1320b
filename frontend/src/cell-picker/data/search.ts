// Search by text: every word must occur in some label of a cell or begin its root id.
import { getColumn, type Table } from "../../shared/columns";
import type { RootId } from "../../shared/root-ids";

const texts = new WeakMap<Table, RootId[]>();

/** Root ids of all rows; made once a table, since making a text of 64 bits takes its time. */
export function rootIds(table: Table): RootId[] {
  let ids = texts.get(table);
  if (!ids) {
    const column = getColumn(table, "pt_root_id", "ids");
    ids = Array.from({ length: table.rows }, (_, row) => column.at(row));
    texts.set(table, ids);
  }
  return ids;
}

/** Which rows a search keeps. Capitals do not count; nothing written keeps all. */
export function searched(table: Table, search: string): (row: number) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = new Uint8Array(table.rows).fill(1);
  for (const word of words) {
    const found = new Uint8Array(table.rows);
    markLabels(table, word, found);
    if (/^[0-9]+$/.test(word)) markIds(table, word, found);
    for (let row = 0; row < kept.length; row++) kept[row] = (kept[row] ?? 0) & (found[row] ?? 0);
  }
  return (row) => kept[row] === 1;
}

function markLabels(table: Table, word: string, found: Uint8Array): void {
  for (const column of table.columns.values()) {
    if (column.kind !== "text") continue;
    const hit = Uint8Array.from(column.labels, (label) =>
      Number(label.toLowerCase().includes(word)),
    );
    if (!hit.includes(1)) continue;
    const { codes } = column;
    for (let row = 0; row < found.length; row++) {
      if (hit[codes[row] ?? -1] === 1) found[row] = 1;
    }
  }
}

function markIds(table: Table, beginning: string, found: Uint8Array): void {
  rootIds(table).forEach((id, row) => {
    if (id.startsWith(beginning)) found[row] = 1;
  });
}
