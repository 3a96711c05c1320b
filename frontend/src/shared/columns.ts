// Reads the tables that microns_widgets/widgets/columns.py packs; the layout is described there.
import { MISSING_FLAG, TABLE_MAGIC, type TABLE_TYPES } from "./contract";
import type { RootId } from "./root-ids";

const TYPES = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
} as const satisfies Record<(typeof TABLE_TYPES)[number], unknown>;

export type Numbers = InstanceType<(typeof TYPES)[Exclude<keyof typeof TYPES, "int64">]>;

/** Numbers; missing is NaN. */
export interface NumberColumn {
  kind: "number";
  name: string;
  values: Numbers;
}

/** Text or categories: `labels[codes[row]]`; missing is the code -1. */
export interface TextColumn {
  kind: "text";
  name: string;
  codes: Int8Array | Int16Array | Int32Array;
  labels: readonly string[];
}

/** True, false or missing. */
export interface FlagColumn {
  kind: "flag";
  name: string;
  at(row: number): boolean | null;
  /** 0, 1, or `MISSING_FLAG`. */
  values: Uint8Array;
}

/** Root ids, as strings. */
export interface IdColumn {
  kind: "ids";
  name: string;
  at(row: number): RootId;
  /** The row of an id, -1 if it does not occur. */
  rowOf(id: RootId): number;
  /** The ids as Python packed them, if they come from there. */
  values?: BigInt64Array;
}

export type Column = NumberColumn | TextColumn | FlagColumn | IdColumn;

export interface Table {
  rows: number;
  columns: ReadonlyMap<string, Column>;
}

/** Ids that are looked up one by one before a column builds its map. */
const SEARCHES = 50;

interface Entry {
  name: string;
  kind: Column["kind"];
  type: keyof typeof TYPES;
  at: number;
  labels?: string[];
}

/** Reads a packed table. Arrays share the block's memory where the alignment allows it. */
export function readTable(block: DataView): Table {
  const magic = String.fromCharCode(...bytes(block, 0, Math.min(4, block.byteLength)));
  if (magic !== TABLE_MAGIC) {
    throw new Error(`Expected a table, but the bytes begin with "${magic}".`);
  }
  const length = block.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes(block, 8, length))) as {
    rows: number;
    columns: Entry[];
  };
  const columns = header.columns.map((entry): [string, Column] => {
    const values = typedArray(block, entry.type, 8 + length + entry.at, header.rows);
    return [entry.name, column(entry, values)];
  });
  return { rows: header.rows, columns: new Map(columns) };
}

/** A column of the expected kind; the error lists the kinds of all columns. */
export function getColumn<K extends Column["kind"]>(
  table: Table,
  name: string,
  kind: K,
): Extract<Column, { kind: K }> {
  const entry = table.columns.get(name);
  if (entry?.kind !== kind) {
    const kinds = [...table.columns.values()].map((one) => `${one.name}: ${one.kind}`);
    throw new Error(`Expected a column "${name}: ${kind}" among ${kinds.join(", ")}.`);
  }
  return entry as Extract<Column, { kind: K }>;
}

function bytes(block: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(block.buffer, block.byteOffset + at, length);
}

function typedArray(block: DataView, type: keyof typeof TYPES, at: number, rows: number) {
  const Type = TYPES[type];
  const start = block.byteOffset + at;
  if (start % Type.BYTES_PER_ELEMENT === 0)
    return new Type(block.buffer as ArrayBuffer, start, rows);
  // A buffer may start anywhere in a message; a typed array needs a multiple of its element size.
  return new Type(bytes(block, at, rows * Type.BYTES_PER_ELEMENT).slice().buffer);
}

function column(entry: Entry, values: Numbers | BigInt64Array): Column {
  const { name, kind } = entry;
  switch (kind) {
    case "number":
      return { kind, name, values: values as Numbers };
    case "text":
      return { kind, name, codes: values as TextColumn["codes"], labels: entry.labels ?? [] };
    case "flag":
      return {
        kind,
        name,
        at: (row) => flag(values[row] as number),
        values: values as Uint8Array,
      };
    case "ids":
      return idColumn(name, values as BigInt64Array);
  }
}

function flag(value: number): boolean | null {
  return value === MISSING_FLAG ? null : value === 1;
}

function idColumn(name: string, values: BigInt64Array): IdColumn {
  let rows: Map<bigint, number> | undefined;
  let asked = 0;
  return {
    kind: "ids",
    name,
    values,
    at: (row) => String(values[row]),
    rowOf: (id) => {
      // The map takes longer to make than some searches, and the first picture waits for it.
      if (++asked <= SEARCHES) return values.indexOf(BigInt(id));
      rows ??= rowsOf(values);
      return rows.get(BigInt(id)) ?? -1;
    },
  };
}

// From the end, so that the first row of an id that is there twice remains.
function rowsOf(values: BigInt64Array): Map<bigint, number> {
  const rows = new Map<bigint, number>();
  for (let row = values.length - 1; row >= 0; row--) rows.set(values[row] as bigint, row);
  return rows;
}
