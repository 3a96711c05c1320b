// Partners in words.
import { clipped } from "../../shared/clipped";
import { counted, grouped } from "../../shared/number-format";
import type { RootId } from "../../shared/root-ids";
import type { Total } from "../data/partner";
import type { Row } from "../data/partner-table";

export const FRAGMENT =
  "A fragment: a piece of an axon or dendrite whose cell body is not in the volume or not yet " +
  "joined to it. It has no row in the cell table.";

/** The type of a partner, of a group of partners, or that there is none. */
export function typeText({ type, isCell }: { type: string; isCell: boolean }): string {
  return isCell ? clipped(type) || "no type" : "fragment";
}

/** The type of the partners in a row of the table, and whether they are on view. */
export function rowTypeText(row: Row): string {
  return `${typeText(row)}${row.onView ? " (shown)" : ""}`;
}

/** An id that is recognised by its last digits; the first ones are the same for all. */
export function shortId(id: RootId): string {
  return id.length > 9 ? `…${id.slice(-6)}` : id;
}

/** For example "3 synapses, 11,452 voxels". */
export function totalText({ n, size }: Total, noun = "synapse"): string {
  const voxels = n > 0 && !Number.isNaN(size) ? `, ${grouped(size)} voxels` : "";
  return n === 0 ? `no ${noun}s` : `${counted(n, noun)}${voxels}`;
}

/** The numbers of partners and synapses, as a heading of the table. */
export function headingText(rows: readonly Row[]): string {
  const side = (key: "inputs" | "outputs", by: string) => {
    const some = rows.filter((row) => row[key] > 0);
    const synapses = some.reduce((sum, row) => sum + row[key], 0);
    if (synapses === 0) return `no ${key}`;
    const cells = some.filter(({ isCell }) => isCell).length;
    const fragments = some.length - cells;
    const partners = [
      cells > 0 && counted(cells, "cell"),
      fragments > 0 && counted(fragments, "fragment"),
    ].filter(Boolean);
    return `${counted(synapses, key.slice(0, -1))} ${by} ${partners.join(" and ")}`;
  };
  return `${side("inputs", "from")}; ${side("outputs", "onto")}`;
}
