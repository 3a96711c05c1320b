// The columns' titles, how their values are written, and which of them are shown at first.
import { clipped, visible } from "../../shared/clipped";
import type { Column, Numbers, Table } from "../../shared/columns";
import type { PICKER_COLUMNS } from "../../shared/contract";
import { textCode } from "../../shared/python-code";

// Created once: creating a formatter takes longer than using it.
const FORMATS = Array.from({ length: 10 }, (_, decimals) => withDecimals(decimals));
const DECIMALS = new WeakMap<Numbers, number>();

interface Heading {
  title: string;
  decimals?: number;
  /** Whether the table shows it at first. */
  visible?: boolean;
  /** Whether its filter is unfolded at first. */
  unfolded?: boolean;
  logarithmic?: boolean;
  /** What a cell does that does not meet this condition. */
  without?: string;
}

const COUNT = { decimals: 0, logarithmic: true } as const;
const HEADINGS: Record<(typeof PICKER_COLUMNS)[number], Heading> = {
  pt_root_id: { title: "root id", visible: true },
  cell_type_auto: { title: "type", visible: true, unfolded: true },
  coarse_cell_type_auto: { title: "coarse type", unfolded: true },
  cell_type_manual: { title: "manual type" },
  coarse_cell_type_manual: { title: "coarse manual type" },
  region: { title: "region", visible: true, unfolded: true },
  proofreading_strategy: { title: "proofreading", visible: true, unfolded: true },
  depth: { title: "depth (µm)", decimals: 0, visible: true, unfolded: true },
  x: { title: "x (µm)", decimals: 0 },
  volume: { title: "nucleus (µm³)", decimals: 0, visible: true, unfolded: true },
  n_inputs: { title: "input synapses", visible: true, unfolded: true, ...COUNT },
  n_outputs: { title: "output synapses", visible: true, unfolded: true, ...COUNT },
  n_input_partners: { title: "input partners", ...COUNT },
  n_output_partners: { title: "output partners", ...COUNT },
  has_skeleton: { title: "has a skeleton", without: "has no skeleton" },
};

export const TYPE = "cell_type_auto";
export const PROOFREADING = "proofreading_strategy";
const LONGEST_NAME = 40;
const TITLES = new Set(Object.values(HEADINGS).map(({ title }) => title));

export function heading(name: string): Heading {
  if (Object.hasOwn(HEADINGS, name)) return (HEADINGS as Record<string, Heading>)[name] as Heading;
  // Quoted if it would look like another name.
  const plain = name.trim() === name && name !== "" && !TITLES.has(name);
  return { title: clipped(plain ? name : textCode(name), LONGEST_NAME) };
}

/** All columns in the order of the screen: what was proofread stands beside the type. */
export function columnOrder(table: Table): string[] {
  const first = ["pt_root_id", TYPE, PROOFREADING].filter((name) => table.columns.has(name));
  return [...new Set([...first, ...table.columns.keys()])];
}

/** Columns that the table shows at first. */
export function initialColumns(table: Table): string[] {
  return columnOrder(table).filter((name) => heading(name).visible);
}

/** The title of a number column, apart from its unit. */
export function titleWithoutUnit(name: string): { name: string; unit: string } {
  const [, title = "", unit = ""] = /^(.*?)(?: \((.*)\))?$/.exec(heading(name).title) ?? [];
  return { name: title, unit };
}

/** A label on the screen; an empty one is written as "none". */
export function labelText(label: string): string {
  return label === "" ? "none" : visible(label);
}

/** A table cell as text; "" if the value is missing. */
export function cellText(column: Column, row: number): string {
  switch (column.kind) {
    case "ids": {
      const id = column.at(row);
      return id === "0" ? "0 (no segment)" : id;
    }
    case "text":
      return visible(column.labels[column.codes[row] ?? -1] ?? "");
    case "flag":
      return { true: "yes", false: "no", null: "" }[`${column.at(row)}`];
    case "number": {
      const value = column.values[row] ?? Number.NaN;
      const format = FORMATS[heading(column.name).decimals ?? decimalsOf(column.values)];
      return Number.isNaN(value) ? "" : (format?.format(value) ?? String(value));
    }
  }
}

/** Decimals: none for whole numbers, else two, or more if the largest is small (three digits). */
function decimalsOf(values: Numbers): number {
  const before = DECIMALS.get(values);
  if (before !== undefined) return before;
  let [largest, whole] = [0, true];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    whole &&= Number.isInteger(value);
  }
  const digits = largest > 0 ? 2 - Math.floor(Math.log10(largest)) : 0;
  const decimals = whole ? 0 : Math.max(2, Math.min(FORMATS.length - 1, digits));
  DECIMALS.set(values, decimals);
  return decimals;
}

function withDecimals(digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
