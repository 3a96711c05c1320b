// What the filters say, and which rows they keep. widgets/_filters.py is the twin in Python.
import { getColumn, type Table } from "../../shared/columns";
import { inside, type Point } from "./polygon";
import { searched } from "./search";

/** Lowest and highest value that are kept; null where the range is open. */
export type Range = readonly [number | null, number | null];
export type Filter = string | readonly string[] | Range | readonly Point[];

/**
 * The synced trait `filters`. Its keys are
 *
 * - a text column: the labels that are kept;
 * - a number column: a `Range`, ends included;
 * - `pt_root_id`: the root ids that are kept;
 * - `search`: text (search.ts);
 * - `area`: a polygon of x and depth in um (polygon.ts).
 */
export type Filters = Readonly<Record<string, Filter>>;

/** Whether a row stays. */
export type Keep = (row: number) => boolean;

/** The rows that one filter keeps. */
export function keep(table: Table, key: string, filter: Filter): Keep {
  if (key === "search") return searched(table, filter as string);
  if (key === "area") return inArea(table, filter as readonly Point[]);
  const column = table.columns.get(key);
  switch (column?.kind) {
    case "text": {
      const kept = column.labels.map((label) => (filter as readonly string[]).includes(label));
      return (row) => kept[column.codes[row] ?? -1] ?? false;
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
    case "ids": {
      const rows = new Set((filter as readonly string[]).map(column.rowOf));
      return (row) => rows.has(row);
    }
    default:
      throw new Error(`There is no column "${key}" to filter by.`);
  }
}

function inArea(table: Table, polygon: readonly Point[]): Keep {
  const x = getColumn(table, "x", "number").values;
  const depth = getColumn(table, "depth", "number").values;
  return (row) => inside(polygon, x[row] ?? Number.NaN, depth[row] ?? Number.NaN);
}

/** The filters with one changed; null takes it away. */
export function changed(filters: Filters, key: string, filter: Filter | null): Filters {
  const { [key]: _, ...others } = filters;
  return filter === null || filter.length === 0 ? others : { ...others, [key]: filter };
}
