import { describe, expect, test } from "vitest";
import { entriesAmong } from "../../src/matrix-explorer/data/connection-subset";
import {
  byColumn,
  entriesWithin,
  entryAt,
  firstFrom,
  inLayout,
  type Layout,
  layOut,
} from "../../src/matrix-explorer/data/ordered-matrix";
import { smallMatrix } from "./small-matrix";

async function ordered(rows: number[], columns: number[]): Promise<Layout> {
  const data = await smallMatrix();
  return layOut(data, byColumn(data), Uint32Array.from(rows), Uint32Array.from(columns));
}

const table = (layout: Layout) =>
  Array.from({ length: layout.nRows }, (_, row) =>
    Array.from({ length: layout.nColumns }, (_, column) => entryAt(layout, row, column)),
  );

describe("a layout", () => {
  test("in the order of the data has each connection where it was", async () => {
    expect(table(await ordered([0, 1, 2, 3], [0, 1, 2, 3]))).toEqual([
      [0, 1, -1, -1],
      [-1, 2, 3, -1],
      [-1, -1, 4, -1],
      [-1, -1, -1, -1],
    ]);
  });

  test("in another order rearranges rows and columns, with ascending columns in each row", async () => {
    const layout = await ordered([3, 1, 0, 2], [2, 3, 1, 0]);
    expect(table(layout)).toEqual([
      [-1, -1, -1, -1],
      [3, -1, 2, -1],
      [-1, -1, 1, 0],
      [4, -1, -1, -1],
    ]);
    expect([...layout.places]).toEqual([0, 2, 2, 3, 0]);
    expect([...layout.placeOfRow]).toEqual([2, 1, 3, 0]);
    expect([...layout.placeOfColumn]).toEqual([3, 2, 0, 1]);
  });

  test("rearranges values of the connections", async () => {
    const layout = await ordered([3, 1, 0, 2], [2, 3, 1, 0]);
    expect([...inLayout(layout, Uint8Array.of(10, 11, 12, 13, 14))]).toEqual([13, 12, 11, 10, 14]);
  });

  test("finds where a row's connections from a column on begin", async () => {
    const layout = await ordered([0, 1, 2, 3], [0, 1, 2, 3]);
    expect([0, 1, 2, 3].map((column) => firstFrom(layout, 1, column))).toEqual([2, 2, 3, 4]);
  });

  test("lists the connections of a window, or of some rows and columns", async () => {
    const layout = await ordered([0, 1, 2, 3], [0, 1, 2, 3]);
    expect([...entriesWithin(layout, [0, 2], [1, 3])]).toEqual([1, 2, 3]);
    expect([...entriesAmong(layout, [0, 2], [])]).toEqual([0, 1, 4]);
    expect([...entriesAmong(layout, [], [0, 2])]).toEqual([0, 3, 4]);
    expect([...entriesAmong(layout, [0, 1], [0, 2])]).toEqual([0, 3]);
  });
});
