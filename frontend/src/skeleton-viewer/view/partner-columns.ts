// The columns of the partner table: their titles, and what their cells say.
import { grouped } from "../../shared/number-format";
import type { Row, SortKey } from "../data/partner-table";
import { rowTypeText } from "./partner-text";

export interface Column {
  key: SortKey;
  title: string;
  /** An explanation of the title. */
  hint: string;
  /** Whether sorting begins with the largest. */
  largestFirst: boolean;
}

const COLUMNS: Column[] = [
  { key: "id", title: "partner", hint: "Root id of the partner", largestFirst: false },
  {
    key: "type",
    title: "type",
    hint: "Cell type of the partner, as classified automatically",
    largestFirst: false,
  },
  { key: "partners", title: "partners", hint: "Number of partners", largestFirst: true },
  {
    key: "inputs",
    title: "in",
    hint: "Inputs: synapses that the partner makes",
    largestFirst: true,
  },
  {
    key: "outputs",
    title: "out",
    hint: "Outputs: synapses that the partner receives",
    largestFirst: true,
  },
  {
    key: "sizeIn",
    title: "size in",
    hint: "Summed size of the inputs, voxels",
    largestFirst: true,
  },
  {
    key: "sizeOut",
    title: "size out",
    hint: "Summed size of the outputs, voxels",
    largestFirst: true,
  },
  {
    key: "distance",
    // With a space that does not break: two lines in a narrow table.
    title: "µm\u00a0to soma",
    hint: "Median distance from these synapses to the soma, along the branches of the cell shown",
    largestFirst: false,
  },
];

export function columns(byType: boolean, hasSizes: boolean): Column[] {
  const left = new Set<SortKey>([byType ? "id" : "partners"]);
  if (!hasSizes) for (const key of ["sizeIn", "sizeOut"] as const) left.add(key);
  return COLUMNS.filter(({ key }) => !left.has(key));
}

/** A row in words for screen readers: the long id and the place in the table come last. */
export function rowText(row: Row, columns: readonly Column[], place: string): string {
  const parts = columns.flatMap(({ key }) => {
    if (key === "id") return [];
    if (key === "type") return [rowTypeText(row)];
    const without = (key === "sizeIn" && !row.inputs) || (key === "sizeOut" && !row.outputs);
    if (without || Number.isNaN(row[key])) return [];
    const number = numberText(row, key);
    return [row[key] === 1 && key in ONE ? `1 ${ONE[key]}` : `${number} ${UNITS[key]}`];
  });
  return [...parts, row.id && `partner ${row.id}`, place].filter(Boolean).join(", ");
}

const UNITS: Record<Exclude<SortKey, "id" | "type">, string> = {
  partners: "partners",
  inputs: "inputs",
  outputs: "outputs",
  sizeIn: "voxels in",
  sizeOut: "voxels out",
  distance: "µm to soma",
};
const ONE: Partial<typeof UNITS> = { partners: "partner", inputs: "input", outputs: "output" };

/** A number of a row as text; a dash if it is not known. */
export function numberText(row: Row, key: Exclude<SortKey, "id" | "type">): string {
  return Number.isNaN(row[key]) ? "–" : grouped(Math.round(row[key]));
}
