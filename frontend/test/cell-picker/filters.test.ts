import { describe, expect, test } from "vitest";
import { Crossfilter } from "../../src/cell-picker/data/crossfilter";
import { type Filter, predicateOf, withFilter } from "../../src/cell-picker/data/filters";
import { IDS, REGION, rowsPassing, smallTable, TYPE } from "./small-table";

const rowsOf = (key: string, filter: Filter) => {
  const table = smallTable();
  return rowsPassing(table, predicateOf(table, key, filter));
};

describe("one filter", () => {
  test("passes the labels in its list", () => {
    expect(rowsOf("cell_type_auto", ["BC", "MC"])).toEqual([1, 2]);
  });

  test("passes a range including both ends, but no missing value", () => {
    expect(rowsOf("depth", [150, 200])).toEqual([0, 1, 3]);
    expect(rowsOf("depth", [null, 150])).toEqual([0, 5]);
    expect(rowsOf("depth", [160, null])).toEqual([1, 2, 3]);
    expect(rowsOf("depth", [null, null])).toEqual([0, 1, 2, 3, 5]);
  });

  test("passes the root ids in its list, and ignores those of another version", () => {
    expect(rowsOf("pt_root_id", [IDS[4] ?? "", IDS[0] ?? "", "864691135999999999"])).toEqual([
      0, 4,
    ]);
  });

  test("passes what is inside a lasso", () => {
    const area: Filter = [
      [-5, 100],
      [15, 100],
      [15, 250],
      [-5, 250],
    ];
    expect(rowsOf("area", area)).toEqual([0, 1]);
  });

  test("by a missing column is an error", () => {
    expect(() => rowsOf("layer", ["4"])).toThrow('no column "layer"');
  });
});

describe("a search", () => {
  test.each([
    ["bc", [1]],
    ["astro", [4]],
    ["rl", [2]],
    ["23p v1", [0, 3, 5]],
    ["extended 23", [0]],
    ["86469113500000000", [0, 1, 2, 3, 4]],
    [IDS[2] ?? "", [2]],
    ["2", [0, 3, 5]],
    ["nothing like it", []],
    ["   ", [0, 1, 2, 3, 4, 5]],
  ])("for %j finds rows %j", (search, rows) => {
    expect(rowsOf("search", search)).toEqual(rows);
  });
});

describe("several filters", () => {
  const counts = (crossfilter: Crossfilter) =>
    Array.from(crossfilter.counts(TYPE.codes, TYPE.labels.length, TYPE.name));

  test("must all hold, and a facet's counts ignore its own filter", () => {
    const crossfilter = new Crossfilter(smallTable());
    crossfilter.filters = { cell_type_auto: ["BC"], region: ["V1"], search: "8646" };
    expect(Array.from(crossfilter.rowsIn(new Uint32Array([5, 4, 3, 2, 1, 0])))).toEqual([1]);
    // 23P, BC, MC, astrocyte
    expect(counts(crossfilter)).toEqual([2, 1, 0, 1]);
    expect(Array.from(crossfilter.counts(REGION.codes, 2, "region"))).toEqual([0, 1]);
  });

  test("leave no trace after they are removed", () => {
    const crossfilter = new Crossfilter(smallTable());
    crossfilter.filters = { region: ["RL"], depth: [0, 1] };
    crossfilter.filters = { depth: [0, 1] };
    crossfilter.filters = { search: "bc" };
    expect(counts(crossfilter)).toEqual([0, 1, 0, 0]);
    crossfilter.filters = {};
    expect(counts(crossfilter)).toEqual([3, 1, 1, 1]);
  });

  test("agree with each single filter, for 3,000 random combinations", () => {
    let seed = 1300;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * n);
    };
    const choices: [string, Filter][] = [
      ["cell_type_auto", ["23P"]],
      ["cell_type_auto", ["BC", "MC"]],
      ["region", ["V1"]],
      ["depth", [150, null]],
      ["depth", [null, 160]],
      ["search", "p"],
      ["x", [10, 40]],
    ];
    const small = smallTable();
    const crossfilter = new Crossfilter(small);
    for (let i = 0; i < 3000; i++) {
      const filters = Object.fromEntries(choices.filter(() => random(3) === 0));
      crossfilter.filters = filters;
      const each = Object.entries(filters).map(([key, filter]) => predicateOf(small, key, filter));
      const expected = rowsPassing(small, (row) => each.every((stays) => stays(row)));
      expect(rowsPassing(small, (row) => crossfilter.passes(row))).toEqual(expected);
    }
  });
});

test("an empty filter is removed", () => {
  expect(withFilter({ region: ["V1"], search: "b" }, "search", "")).toEqual({ region: ["V1"] });
  expect(withFilter({ region: ["V1"] }, "region", [])).toEqual({});
  expect(withFilter({ depth: [1, 2] }, "depth", null)).toEqual({});
  expect(withFilter({}, "depth", [1, null])).toEqual({ depth: [1, null] });
});
