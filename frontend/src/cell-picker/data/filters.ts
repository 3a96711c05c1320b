// The filters, and which rows pass them. widgets/_filters.py is the counterpart in Python.
import { getColumn, type Table } from "../../shared/columns";
import { inside, type Point } from "../../shared/polygon";
import { searchOf } from "./search";

/** Lowest and highest value that pass; null where the range is open. */
export type Range = readonly [number | null, number | null];
export type Filter = string | boolean | readonly string[] | Range | readonly Point[];

/**
 * The synced trait `filters`. Its keys are
 *
 * - a text column: the labels that pass;
 * - a number column: a `Range`, ends included;
 * - a flag: true or false;
 * - `pt_root_id`: the root ids that pass;
 * - `search`: text (see search.ts);
 * - `area`: a polygon of x and depth in um (see polygon.ts).
 */
export type Filters = Readonly<Record<string, Filter>>;

/** Whether a row passes. */
export type Predicate = (row: number) => boolean;

/** Tells which rows pass one filter. */
export function predicateOf(table: Table, key: string, filter: Filter): Predicate {
  if (key === "search") {
    const mask = searchOf(table).mask(filter as string);
    return (row) => mask[row] === 1;
  }
  if (key === "area") return inArea(table, filter as readonly Point[]);
  const column = table.columns.get(key);
  switch (column?.kind) {
    case "text": {
      const passes = column.labels.map((label) => (filter as readonly string[]).includes(label));
      return (row) => passes[column.codes[row] ?? -1] ?? false;
    }
    case "number": {
      const [low, high] = filter as Range;
      const { values } = column;
      const [from, to] = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
      return (row) => {
        const value = values[row] ?? Number.NaN;
        return value >= from && value <= to;
      };
    }
    case "flag":
      return (row) => column.at(row) === filter;
    case "ids": {
      const rows = new Set((filter as readonly string[]).map(column.rowOf));
      return (row) => rows.has(row);
    }
    default:
      throw new Error(`There is no column "${key}" to filter by.`);
  }
}

function inArea(table: Table, polygon: readonly Point[]): Predicate {
  const x = getColumn(table, "x", "number").values;
  const depth = getColumn(table, "depth", "number").values;
  return (row) => inside(polygon, x[row] ?? Number.NaN, depth[row] ?? Number.NaN);
}

/** The filters with one of them replaced; null removes it. */
export function withFilter(filters: Filters, key: string, filter: Filter | null): Filters {
  const { [key]: _, ...others } = filters;
  const none = filter === null || (typeof filter !== "boolean" && filter.length === 0);
  return none ? others : { ...others, [key]: filter };
}
