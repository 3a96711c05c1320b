// The rows of a table sorted by one column: stable, with missing values last in both directions.
import type { Column, Numbers, Table, TextColumn } from "../../shared/columns";
import { typeOrder } from "../../shared/palette";
import { compareRootIds } from "../../shared/root-ids";

export type Direction = "ascending" | "descending";

const MISSING = 0xffffffff;

/** All rows in the order of the table. */
export function tableOrder(rows: number): Uint32Array {
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[row] = row;
  return order;
}

/** All rows with the most completely proofread ones first, and otherwise in the table's order. */
export function proofreadFirst({ columns, rows }: Table): Uint32Array {
  const column = columns.get("proofreading_strategy");
  return column ? sorted(column, rows, "ascending") : tableOrder(rows);
}

/** All rows, sorted by a column; rows with equal values stay in the table's order. */
export function sorted(column: Column, rows: number, direction: Direction): Uint32Array {
  const keys = sortKeys(column, rows);
  if (direction === "descending") {
    for (let row = 0; row < rows; row++) {
      const key = keys[row] ?? MISSING;
      keys[row] = key === MISSING ? MISSING : MISSING - 1 - key;
    }
  }
  return byKeys(keys);
}

// Any kind of value as a 32-bit integer, smaller for what comes first.
function sortKeys(column: Column, rows: number): Uint32Array {
  switch (column.kind) {
    case "number":
      if (column.values instanceof Float32Array) return floatKeys(column.values);
      if (column.values instanceof Float64Array) return rankKeys(column.values);
      return wholeKeys(column.values);
    case "text":
      return labelKeys(column);
    case "flag":
      return Uint32Array.from({ length: rows }, (_, row) => Number(column.at(row) ?? MISSING));
    case "ids": {
      const ids = Array.from({ length: rows }, (_, row) => column.at(row));
      const order = ids.map((_, row) => row);
      order.sort((a, b) => compareRootIds(ids[a] ?? "", ids[b] ?? ""));
      const keys = new Uint32Array(rows);
      // Root id 0 means no segment: missing.
      order.forEach((row, place) => {
        keys[row] = ids[row] === "0" ? MISSING : place;
      });
      return keys;
    }
  }
}

// Sort 64-bit numbers by their rank: rounded to 32 bits, different numbers could become equal.
function rankKeys(values: Float64Array): Uint32Array {
  const distinct = new Set(values.filter((value) => !Number.isNaN(value)).sort());
  const ranks = new Map(Array.from(distinct, (value, rank) => [value, rank]));
  return Uint32Array.from(values, (value) => ranks.get(value) ?? MISSING);
}

// The bits of floats can be sorted as integers once the sign is flipped.
function floatKeys(values: Float32Array): Uint32Array {
  const single = new Float32Array(values);
  for (let row = 0; row < single.length; row++) single[row] = (single[row] ?? 0) + 0; // no -0
  const bits = new Uint32Array(single.buffer);
  return bits.map((bit, row) => {
    if (Number.isNaN(single[row])) return MISSING;
    return (bit & 0x80000000 ? ~bit : bit | 0x80000000) >>> 0;
  });
}

function wholeKeys(values: Numbers): Uint32Array {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  const keys = new Uint32Array(values.length);
  for (let row = 0; row < keys.length; row++) keys[row] = (values[row] ?? 0) - least;
  return keys;
}

function labelKeys({ codes, labels }: TextColumn): Uint32Array {
  // Whole numbers that are too large for JavaScript arrive as text.
  const ordered = labels.every((label) => /^-?\d*$/.test(label))
    ? [...labels].sort(compareWhole)
    : typeOrder(labels);
  const places = new Map(ordered.map((label, place) => [label, place]));
  const ranks = labels.map((label) => (label === "" ? MISSING : (places.get(label) ?? MISSING)));
  const keys = new Uint32Array(codes.length);
  for (let row = 0; row < keys.length; row++) keys[row] = ranks[codes[row] ?? -1] ?? MISSING;
  return keys;
}

function compareWhole(a: string, b: string): number {
  const [left, right] = [BigInt(a.replace(/^-?$/, "0")), BigInt(b.replace(/^-?$/, "0"))];
  return left < right ? -1 : left > right ? 1 : 0;
}

// Radix sort by the low and then the high 16 bits: stable, and ten times faster here than sort()
// with a comparison function.
function byKeys(keys: Uint32Array): Uint32Array {
  let order = tableOrder(keys.length);
  for (const shift of [0, 16]) {
    const next = new Uint32Array(0x10001);
    for (const key of keys) {
      const digit = ((key >>> shift) & 0xffff) + 1;
      next[digit] = (next[digit] ?? 0) + 1;
    }
    for (let digit = 1; digit < next.length; digit++) {
      next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0);
    }
    const moved = new Uint32Array(order.length);
    for (const row of order) {
      const digit = ((keys[row] ?? 0) >>> shift) & 0xffff;
      const place = next[digit] ?? 0;
      moved[place] = row;
      next[digit] = place + 1;
    }
    order = moved;
  }
  return order;
}
