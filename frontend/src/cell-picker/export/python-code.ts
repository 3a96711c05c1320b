// The line of Python that reproduces a choice; widgets/_filters.py writes the same.
import type { Table } from "../../shared/columns";
import { SELECT_ARGUMENTS, SKELETON_COLUMN } from "../../shared/contract";
import { pythonCode } from "../../shared/python-code";
import type { Filters } from "../data/filters";

/** A line that returns the cells which pass the filters; `ids` returns their root ids. */
export function filtersCode(filters: Filters, table: Table, ids: () => Iterable<string>): string {
  const keys = Object.keys(filters);
  // Only the picker that was given the marks has them.
  const marked = (key: string) => table.columns.get(key)?.kind === "flag";
  if (keys.some((key) => marked(key) && key !== SKELETON_COLUMN)) return idsCode(ids());
  if (!keys.every((key) => key in SELECT_ARGUMENTS)) {
    return `mw.CellPicker(con, filters=${pythonCode(filters)}).filtered`;
  }
  const used = Object.entries(SELECT_ARGUMENTS).filter(([column]) => keys.includes(column));
  const parts = used.map(([column, argument]) => {
    const labels = filters[column] as readonly string[];
    return `${argument}=${argument === "proofread" ? proofreadLiteral(labels, table) : labelsLiteral(labels)}`;
  });
  return `con.select(${parts.join(", ")})`;
}

/** A line with the root ids. */
export function idsCode(ids: Iterable<string>): string {
  return `[${[...ids].join(", ")}]`;
}

function labelsLiteral(labels: readonly string[]): string {
  return pythonCode(labels.length === 1 ? labels[0] : labels);
}

function proofreadLiteral(labels: readonly string[], table: Table): string {
  const column = table.columns.get("proofreading_strategy");
  const all = column?.kind === "text" ? column.labels.filter((label) => label !== "") : [];
  if (labels.length === 1 && labels[0] === "") return "False";
  const every = labels.length === all.length && all.every((label) => labels.includes(label));
  return every ? "True" : labelsLiteral(labels);
}
