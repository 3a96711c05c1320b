// tests/picker_cases.py writes the fixtures: the browser must filter and write as Python does.
import { describe, expect, test } from "vitest";
import { Crossfilter } from "../../src/cell-picker/data/crossfilter";
import type { Filters } from "../../src/cell-picker/data/filters";
import { searchOf } from "../../src/cell-picker/data/search";
import { filtersCode, idsCode } from "../../src/cell-picker/export/python-code";
import { getColumn, readTable } from "../../src/shared/columns";
import cases from "../fixtures/picker.json";
import { rowsPassing } from "./small-table";

const response = await fetch(new URL("../fixtures/picker.bin", import.meta.url));
const table = readTable(new DataView(await response.arrayBuffer()));

describe.each(cases.map((one) => ({ name: JSON.stringify(one.filters), ...one })))(
  "$name",
  ({ filters, rows, code, meant, absent }) => {
    test("passes the same rows as in Python", () => {
      const crossfilter = new Crossfilter(table);
      crossfilter.filters = filters as unknown as Filters;
      expect(rowsPassing(table, (row) => crossfilter.passes(row))).toEqual(rows);
    });

    test("has the same line of Python", () => {
      const ids = () =>
        rows.map(getColumn(table, "pt_root_id", "ids").at).filter((id) => id !== "0");
      expect(filtersCode(filters as unknown as Filters, table, ids)).toBe(code);
    });

    test("takes the same words for typing slips", () => {
      const search = (filters as { search?: string }).search ?? "";
      expect(Object.fromEntries(searchOf(table).corrections(search))).toEqual(meant);
    });

    test("names the same types that these data lack", () => {
      const search = (filters as { search?: string }).search ?? "";
      expect(Object.fromEntries(searchOf(table).absent(search))).toEqual(absent);
    });
  },
);

test("root ids are written as a list", () => {
  expect(idsCode(["1", "2"])).toBe("[1, 2]");
});
