// What the columns are called on the screen, how their values are written, and which are shown.
import type { Column, Table } from "../../shared/columns";

// Kept: making a formatter takes longer than formatting with it.
const FORMATS = { 0: withDecimals(0), 2: withDecimals(2) };

interface Heading {
  title: string;
  decimals?: keyof typeof FORMATS;
  /** Whether the table shows it at first. */
  shown?: boolean;
  /** Whether its filter is unfolded at first. */
  open?: boolean;
  logarithmic?: boolean;
}

const COUNT = { decimals: 0, logarithmic: true } as const;
const HEADINGS: Record<string, Heading> = {
  pt_root_id: { title: "root id", shown: true },
  cell_type_auto: { title: "type", shown: true, open: true },
  coarse_cell_type_auto: { title: "coarse type", open: true },
  cell_type_manual: { title: "manual type" },
  coarse_cell_type_manual: { title: "coarse manual type" },
  region: { title: "region", shown: true, open: true },
  proofreading_strategy: { title: "proofreading", shown: true, open: true },
  depth: { title: "depth (µm)", decimals: 0, shown: true, open: true },
  x: { title: "x (µm)", decimals: 0 },
  volume: { title: "nucleus (µm³)", decimals: 0, shown: true, open: true },
  n_inputs: { title: "input synapses", shown: true, open: true, ...COUNT },
  n_outputs: { title: "output synapses", shown: true, open: true, ...COUNT },
  n_input_partners: { title: "input partners", ...COUNT },
  n_output_partners: { title: "output partners", ...COUNT },
};

export function heading(name: string): Heading {
  return HEADINGS[name] ?? { title: name };
}

/** Columns that the table shows at first. */
export function shownColumns(table: Table): string[] {
  return [...table.columns.keys()].filter((name) => heading(name).shown);
}

/** What stands for a label: nothing is written out. */
export function labelText(label: string): string {
  return label === "" ? "none" : label;
}

/** A cell of the table as text; "" for what is missing. */
export function cellText(column: Column, row: number): string {
  switch (column.kind) {
    case "ids": {
      const id = column.at(row);
      return id === "0" ? "0 (no segment)" : id;
    }
    case "text":
      return column.labels[column.codes[row] ?? -1] ?? "";
    case "flag":
      return String(column.at(row) ?? "");
    case "number": {
      const value = column.values[row] ?? Number.NaN;
      const whole = !(column.values instanceof Float32Array);
      const format = FORMATS[heading(column.name).decimals ?? (whole ? 0 : 2)];
      return Number.isNaN(value) ? "" : format.format(value);
    }
  }
}

function withDecimals(digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
