// Cells with all columns of the table, as CSV.
import type { Column, Table } from "../../shared/columns";
import { quote } from "../../shared/csv";

/** One line per row, under the columns' names; in parts, because there may be 90,000. */
export function cellsCsv(table: Table, rows: Iterable<number>): string[] {
  const columns = [...table.columns.values()];
  const writers = columns.map(writer);
  const parts = [`${columns.map(({ name }) => quote(name)).join(",")}\n`];
  for (const row of rows) parts.push(`${writers.map((write) => write(row)).join(",")}\n`);
  return parts;
}

function writer(column: Column): (row: number) => string {
  switch (column.kind) {
    case "ids":
      return column.at;
    case "flag":
      return (row) => ({ true: "True", false: "False", null: "" })[`${column.at(row)}`];
    case "text": {
      const labels = column.labels.map(quote);
      return (row) => labels[column.codes[row] ?? -1] ?? "";
    }
    case "number": {
      const single = column.values instanceof Float32Array;
      return (row) => {
        const value = column.values[row] ?? Number.NaN;
        if (Number.isNaN(value)) return "";
        // Further digits of a 32-bit number would be those of the conversion.
        return String(single ? Number(value.toPrecision(7)) : value);
      };
    }
  }
}
