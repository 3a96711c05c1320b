import { describe, expect, test } from "vitest";
import { Crossfilter } from "../../src/cell-picker/data/crossfilter";
import { changed, type Filter, keep } from "../../src/cell-picker/data/filters";
import { IDS, REGION, rowsKept, smallTable, TYPE } from "./small-table";

const kept = (key: string, filter: Filter) => {
  const table = smallTable();
  return rowsKept(table, keep(table, key, filter));
};

describe("one filter", () => {
  test("keeps the labels that are named", () => {
    expect(kept("cell_type_auto", ["BC", "MC"])).toEqual([1, 2]);
  });

  test("keeps a range with both its ends, and no missing value", () => {
    expect(kept("depth", [150, 200])).toEqual([0, 1, 3]);
    expect(kept("depth", [null, 150])).toEqual([0, 5]);
    expect(kept("depth", [160, null])).toEqual([1, 2, 3]);
    expect(kept("depth", [null, null])).toEqual([0, 1, 2, 3, 5]);
  });

  test("keeps the root ids that are listed, and ignores those of another version", () => {
    expect(kept("pt_root_id", [IDS[4] ?? "", IDS[0] ?? "", "864691135999999999"])).toEqual([0, 4]);
  });

  test("keeps what lies inside a lasso", () => {
    const area: Filter = [
      [-5, 100],
      [15, 100],
      [15, 250],
      [-5, 250],
    ];
    expect(kept("area", area)).toEqual([0, 1]);
  });

  test("by a column that is not there is an error", () => {
    expect(() => kept("layer", ["4"])).toThrow('no column "layer"');
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
    expect(kept("search", search)).toEqual(rows);
  });
});

describe("several filters", () => {
  const counts = (crossfilter: Crossfilter) =>
    Array.from(crossfilter.counts(TYPE.codes, TYPE.labels.length, TYPE.name));

  test("all hold, and a facet counts under all but its own", () => {
    const crossfilter = new Crossfilter(smallTable());
    crossfilter.filters = { cell_type_auto: ["BC"], region: ["V1"], search: "8646" };
    expect(Array.from(crossfilter.shown(new Uint32Array([5, 4, 3, 2, 1, 0])))).toEqual([1]);
    // 23P, BC, MC, astrocyte
    expect(counts(crossfilter)).toEqual([2, 1, 0, 1]);
    expect(Array.from(crossfilter.counts(REGION.codes, 2, "region"))).toEqual([0, 1]);
  });

  test("that are taken away leave no trace", () => {
    const crossfilter = new Crossfilter(smallTable());
    crossfilter.filters = { region: ["RL"], depth: [0, 1] };
    crossfilter.filters = { depth: [0, 1] };
    crossfilter.filters = { search: "bc" };
    expect(counts(crossfilter)).toEqual([0, 1, 0, 0]);
    crossfilter.filters = {};
    expect(counts(crossfilter)).toEqual([3, 1, 1, 1]);
  });

  test("agree with each filter by itself, on 3,000 random tables of filters", () => {
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
      const each = Object.entries(filters).map(([key, filter]) => keep(small, key, filter));
      const expected = rowsKept(small, (row) => each.every((stays) => stays(row)));
      expect(rowsKept(small, (row) => crossfilter.shows(row))).toEqual(expected);
    }
  });
});

test("a filter that has become empty is taken away", () => {
  expect(changed({ region: ["V1"], search: "b" }, "search", "")).toEqual({ region: ["V1"] });
  expect(changed({ region: ["V1"] }, "region", [])).toEqual({});
  expect(changed({ depth: [1, 2] }, "depth", null)).toEqual({});
  expect(changed({}, "depth", [1, null])).toEqual({ depth: [1, null] });
});
