// All root ids as one text, in which a part of an id is found in a millisecond or two.
import { getColumn, type IdColumn, type Table } from "../../shared/columns";

// 19 digits at most, and a space, so that no match reaches into the next id.
const WIDTH = 20;
const BILLION = 1e9;
const cache = new WeakMap<Table, string>();

/** Marks the rows whose root id contains some digits, or begins with them. */
export function markIds(table: Table, digits: string, anywhere: boolean, rows: Uint8Array): void {
  const text = idText(table);
  if (!anywhere) {
    for (let row = 0; row < rows.length; row++)
      if (text.startsWith(digits, row * WIDTH)) rows[row] = 1;
    return;
  }
  for (let at = text.indexOf(digits); at >= 0; ) {
    const row = Math.floor(at / WIDTH);
    rows[row] = 1;
    at = text.indexOf(digits, (row + 1) * WIDTH);
  }
}

/** Every id, padded with spaces; created once per table. */
export function idText(table: Table): string {
  let text = cache.get(table);
  if (text === undefined) {
    const ids = getColumn(table, "pt_root_id", "ids");
    text = ids.values ? textOf(ids.values) : slowText(ids, table.rows);
    cache.set(table, text);
  }
  return text;
}

function slowText(ids: IdColumn, rows: number): string {
  return Array.from({ length: rows }, (_, row) => ids.at(row).padEnd(WIDTH)).join("");
}

// Long division by a billion in steps of 16 bits, which numbers hold exactly: many times faster
// than String() of a bigint.
function textOf(ids: BigInt64Array): string {
  const limbs = new Uint16Array(ids.buffer, ids.byteOffset, 4 * ids.length);
  const text = new Uint8Array(WIDTH * ids.length).fill(32);
  const digits = new Uint8Array(WIDTH);
  for (let row = 0; row < ids.length; row++) {
    let high = 0;
    let low = 0;
    for (let limb = 3; limb >= 0; limb--) {
      const part = low * 65536 + (limbs[4 * row + limb] ?? 0);
      const quotient = Math.floor(part / BILLION);
      low = part - quotient * BILLION;
      high = high * 65536 + quotient;
    }
    let n = 0;
    do {
      const tenth = Math.floor(low / 10);
      digits[n++] = low - tenth * 10;
      low = tenth;
      if (n === 9) low = high;
    } while (low > 0 || (n < 9 && high > 0));
    for (let place = 0; place < n; place++) {
      text[WIDTH * row + place] = 48 + (digits[n - 1 - place] ?? 0);
    }
  }
  return new TextDecoder("latin1").decode(text);
}
