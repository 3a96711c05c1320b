import { expect, test } from "vitest";
import { type Columns, moved } from "../../src/explorer/columns";

const COLUMNS: Columns = [27, 40, 33];

test("a divider changes the columns beside it, and no other", () => {
  expect(moved(COLUMNS, 0, 35)).toEqual([35, 32, 33]);
  expect(moved(COLUMNS, 1, 60)).toEqual([27, 33, 40]);
});

test("no column becomes narrower than can be used", () => {
  expect(moved(COLUMNS, 0, -20)).toEqual([15, 52, 33]);
  expect(moved(COLUMNS, 0, 100)).toEqual([52, 15, 33]);
  expect(moved(COLUMNS, 1, 0)).toEqual([27, 15, 58]);
  expect(moved(COLUMNS, 1, 100)).toEqual([27, 58, 15]);
});
