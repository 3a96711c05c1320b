// Six cells, the last without a segment: tests/small_world.py in the front end's columns.
import type { Column, IdColumn, NumberColumn, Table, TextColumn } from "../../src/shared/columns";

export const IDS = [1n, 2n, 3n, 4n, 5n].map((n) => String(864691135000000000n + n));

export function text(name: string, values: string[]): TextColumn {
  const labels = [...new Set(values)].sort();
  return { kind: "text", name, labels, codes: Int8Array.from(values, (v) => labels.indexOf(v)) };
}

export function numbers(name: string, values: number[]): NumberColumn {
  return { kind: "number", name, values: Float32Array.from(values) };
}

export function ids(values: string[]): IdColumn {
  return {
    kind: "ids",
    name: "pt_root_id",
    at: (row) => values[row] ?? "",
    rowOf: (id) => values.indexOf(id),
  };
}

export function table(...columns: Column[]): Table {
  const [first] = columns;
  const rows = first?.kind === "text" ? first.codes.length : 0;
  return { rows, columns: new Map(columns.map((column) => [column.name, column])) };
}

export const TYPE = text("cell_type_auto", ["23P", "BC", "MC", "23P", "astrocyte", "23P"]);
export const REGION = text("region", ["V1", "V1", "RL", "V1", "V1", "V1"]);
export const DEPTH = numbers("depth", [150, 200, 300, 160, Number.NaN, 140]);

export function smallTable(): Table {
  return table(
    TYPE,
    REGION,
    text("proofreading_strategy", ["axon_fully_extended", "axon_interareal", "", "", "", ""]),
    DEPTH,
    numbers("x", [0, 10, 20, 30, 40, 50]),
    ids([...IDS, "0"]),
  );
}

/** Rows that pass a predicate. */
export function rowsPassing(table: Table, passes: (row: number) => boolean): number[] {
  return Array.from({ length: table.rows }, (_, row) => row).filter(passes);
}
