import { expect, test } from "vitest";
import { type Columns, moved, narrowestIn } from "../../src/explorer/columns";

const COLUMNS: Columns = [27, 40, 33];
const LEAST: Columns = [15, 15, 15];

test("a divider changes the columns beside it, and no other", () => {
  expect(moved(COLUMNS, 0, 35, LEAST)).toEqual([35, 32, 33]);
  expect(moved(COLUMNS, 1, 60, LEAST)).toEqual([27, 33, 40]);
});

test("no column becomes narrower than can be used", () => {
  expect(moved(COLUMNS, 0, -20, LEAST)).toEqual([15, 52, 33]);
  expect(moved(COLUMNS, 0, 100, LEAST)).toEqual([52, 15, 33]);
  expect(moved(COLUMNS, 1, 0, LEAST)).toEqual([27, 15, 58]);
  expect(moved(COLUMNS, 1, 100, LEAST)).toEqual([27, 58, 15]);
});

test("columns that are too narrow already stay as they are", () => {
  expect(moved([20, 20, 60], 0, 0, [27, 28, 28])).toEqual([20, 20, 60]);
});

test("a part keeps 240 px where there is room for three of them, and 15 % of a wide screen", () => {
  expect(narrowestIn(1000)).toEqual([24, 24, 24]);
  expect(narrowestIn(2400)).toEqual([15, 15, 15]);
  // There the cells of a new explorer have 27 %.
  expect(narrowestIn(846)).toEqual([27, 28.4, 28.4]);
});
