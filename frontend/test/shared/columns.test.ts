// Python writes fixtures/table.bin and table.json: see tests/unit/test_columns.py.
import { describe, expect, test } from "vitest";
import { type Column, getColumn, readTable } from "../../src/shared/columns";
import expected from "../fixtures/table.json";

async function packed(shift = 0): Promise<DataView> {
  const response = await fetch(new URL("../fixtures/table.bin", import.meta.url));
  const bytes = new Uint8Array(await response.arrayBuffer());
  const message = new Uint8Array(bytes.length + shift + 3);
  message.set(bytes, shift);
  return new DataView(message.buffer, shift, bytes.length);
}

function cell(column: Column, row: number): unknown {
  switch (column.kind) {
    case "number": {
      const value = column.values[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    }
    case "text": {
      const code = column.codes[row] ?? -1;
      return code < 0 ? null : column.labels[code];
    }
    default:
      return column.at(row);
  }
}

describe("a table packed by Python", () => {
  // Shifted by 1 to 7 bytes, columns are at offsets where typed arrays cannot begin.
  test.each([0, 1, 2, 3, 4, 5, 6, 7])("is read %i bytes into a message", async (shift) => {
    const table = readTable(await packed(shift));
    const rows = Array.from({ length: table.rows }, (_, row) =>
      Object.fromEntries([...table.columns].map(([name, column]) => [name, cell(column, row)])),
    );
    expect(rows).toEqual(expected);
  });

  test("shares the memory of the message where the alignment allows", async () => {
    const block = await packed();
    expect(getColumn(readTable(block), "depth", "number").values.buffer).toBe(block.buffer);
  });

  test("finds the row of a root id", async () => {
    const ids = getColumn(readTable(await packed()), "pt_root_id", "ids");
    expect(ids.rowOf("864691135101289505")).toBe(1);
    expect(ids.rowOf("864691135101289506")).toBe(-1);
  });

  test("reports a column's kind if another is expected", async () => {
    const table = readTable(await packed());
    expect(() => getColumn(table, "depth", "text")).toThrow("depth: number");
    expect(() => getColumn(table, "deep", "number")).toThrow(
      '"deep: number" among pt_root_id: ids,',
    );
  });
});

test("bytes that are not a table are rejected", () => {
  const block = new DataView(new TextEncoder().encode("ARROW1\0\0").buffer);
  expect(() => readTable(block)).toThrow('begin with "ARRO"');
});
