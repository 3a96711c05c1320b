import { describe, expect, test } from "vitest";
import { degrees, orderBy, ranks } from "../../src/matrix-explorer/data/cell-order";
import { labelRuns } from "../../src/matrix-explorer/data/label-runs";
import { smallMatrix } from "./small-matrix";

describe("cells are ordered", () => {
  test.each([
    ["pre", "given", [0, 1, 2, 3]],
    ["pre", "cell_type_auto", [0, 3, 1, 2]],
    ["pre", "region", [2, 0, 1, 3]],
    ["pre", "degree", [0, 1, 2, 3]],
    ["pre", "depth", [0, 3, 1, 2]],
    ["post", "cell_type_auto", [2, 1, 3, 0]],
    ["post", "degree", [1, 2, 0, 3]],
    // X is not in the cell table, so its depth is unknown.
    ["post", "depth", [2, 1, 3, 0]],
  ] as const)(
    "on the %ssynaptic axis by %s, ties in the order of the data",
    async (side, by, expected) => {
      expect([...(orderBy(await smallMatrix(), side, by) ?? [])]).toEqual(expected);
    },
  );

  test("by Python if the data do not suffice", async () => {
    expect(orderBy(await smallMatrix(), "pre", "clustering")).toBeNull();
  });
});

test("a cell's degree is its number of partners on the other axis", async () => {
  const data = await smallMatrix();
  expect([...degrees(data, "pre")]).toEqual([2, 2, 1, 0]);
  expect([...degrees(data, "post")]).toEqual([1, 2, 2, 0]);
});

test("labels are ranked as the palette orders them, unknown last", async () => {
  const { columns } = await smallMatrix();
  const result = ranks(columns, "cell_type_auto");
  expect(result.labels).toEqual(["23P", "BC", "astrocyte", ""]);
  expect([...result.ranks]).toEqual([3, 1, 0, 2]);
});

test("runs of the same label have borders, but not on an axis in another order", async () => {
  const { rows } = await smallMatrix();
  const types = ranks(rows, "cell_type_auto");
  expect(labelRuns(types, Uint32Array.of(0, 3, 1, 2))).toEqual([
    { label: "23P", first: 0, end: 2 },
    { label: "BC", first: 2, end: 3 },
    { label: "MC", first: 3, end: 4 },
  ]);
  expect(labelRuns(types, Uint32Array.of(0, 1, 2, 3))).toBeNull();
});
