import { expect, test } from "vitest";
import { sorted } from "../../src/cell-picker/data/row-order";
import { cellText, heading } from "../../src/cell-picker/view/headings";
import type { NumberColumn } from "../../src/shared/columns";
import { MISSING_FLAG } from "../../src/shared/contract";
import { DEPTH, IDS, ids, numbers, TYPE, text } from "./small-table";

const order = (...parameters: Parameters<typeof sorted>) => Array.from(sorted(...parameters));

test("missing values are last in both directions", () => {
  expect(order(DEPTH, 6, "ascending")).toEqual([5, 0, 3, 1, 2, 4]);
  expect(order(DEPTH, 6, "descending")).toEqual([2, 1, 3, 0, 5, 4]);
});

test("types are in the palette's order, then unknown ones, missing ones last", () => {
  const types = text("t", ["", "my own", "BC", "23P", "astrocyte"]);
  expect(order(types, 5, "ascending")).toEqual([3, 2, 4, 1, 0]);
  expect(order(types, 5, "descending")).toEqual([1, 4, 2, 3, 0]);
});

test("rows with equal values stay in the table's order", () => {
  expect(order(TYPE, 6, "ascending")).toEqual([0, 3, 5, 1, 2, 4]);
  expect(order(TYPE, 6, "descending")).toEqual([4, 2, 1, 0, 3, 5]);
});

test("root ids are ordered as numbers, and root id 0 is missing", () => {
  const column = ids([IDS[1] ?? "", "0", "99", IDS[0] ?? ""]);
  expect(order(column, 4, "ascending")).toEqual([2, 3, 0, 1]);
  expect(order(column, 4, "descending")).toEqual([0, 3, 2, 1]);
});

test("numbers of either sign are ordered", () => {
  const values = [0.5, -3, -0, 0, Number.NEGATIVE_INFINITY, 1e9, -3.5, Number.POSITIVE_INFINITY];
  expect(order(numbers("n", values), 8, "ascending")).toEqual([4, 6, 1, 2, 3, 0, 5, 7]);
});

test.each([Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array])(
  "whole numbers of any width are ordered: %o",
  (Type) => {
    const values = new Type(Array.from({ length: 500 }, (_, i) => (i * 7919) % 100_003));
    const column: NumberColumn = { kind: "number", name: "n", values };
    const rows = Array.from(values.keys());
    expect(order(column, 500, "ascending")).toEqual(
      rows.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b),
    );
  },
);

test("a flag is ordered false, true, missing", () => {
  const flags = [null, true, false];
  expect(
    order(
      {
        kind: "flag",
        name: "f",
        at: (row) => flags[row] ?? null,
        values: Uint8Array.of(MISSING_FLAG, 1, 0),
      },
      3,
      "ascending",
    ),
  ).toEqual([2, 1, 0]);
});

test("numbers that differ only beyond 32 bits are ordered, and so are larger ones as text", () => {
  const values = Float64Array.from([2 ** 53, 2 ** 53 - 1, Number.NaN, -1, 2 ** 53 - 1]);
  expect(order({ kind: "number", name: "n", values }, 5, "ascending")).toEqual([3, 1, 4, 0, 2]);
  const whole = text("n", ["9007199254740993", "", "-5", "10007199254740993"]);
  expect(order(whole, 4, "ascending")).toEqual([2, 0, 3, 1]);
});

test("numbers have as many decimals as they need, and no more", () => {
  const shown = (values: NumberColumn["values"]) =>
    cellText({ kind: "number", name: "n", values }, 0);
  expect(shown(Float64Array.from([2 ** 53, Number.NaN]))).toBe("9,007,199,254,740,992");
  expect(shown(Float64Array.from([123456789.25]))).toBe("123,456,789.25");
  expect(shown(Float32Array.from([0.00012]))).toBe("0.000120");
});

test("a further column that looks like another one is quoted", () => {
  const titles = ["mine", "mine ", "", "type", "cell_type_auto", "toString"];
  expect(titles.map((name) => heading(name).title)).toEqual([
    ...["mine", '"mine "', '""', '"type"', "type", "toString"],
  ]);
});
