// The line of Python that computes the partner table.
import { textCode } from "../../shared/python-code";
import type { RootId } from "../../shared/root-ids";
import { type Filter, FRAGMENTS } from "../data/partner-table";

/** What the table shows. */
export interface TableContent extends Filter {
  cells: readonly RootId[];
  byType: boolean;
  hasSizes: boolean;
}

/**
 * Python for the same rows and numbers, without the distances. The result has one row per partner or
 * type, and a column for each direction.
 */
export function partnerCode(content: TableContent): string {
  const { cells, directions, group, least, byType, hasSizes } = content;
  const type = group.startsWith("t") ? group.slice(1) : null;
  const options = [
    directions === "both" ? "" : `, ${textCode(directions)}`,
    type ? `, cell_type=${textCode(type)}` : type === "" ? ", unknown=False" : "",
  ].join("");
  const [only] = cells;
  const several = `pd.concat([con.partners(cell${options}) for cell in [${cells.join(", ")}]])`;
  const isCell = `t["partner_root_id"].isin(con.root_ids)`;
  const values = hasSizes ? `["n_synapses", "size_sum"]` : `["n_synapses"]`;
  const steps = [
    cells.length === 1 ? `con.partners(${only}${options})` : several,
    type === "" ? `.query("cell_type_auto == ''")` : "",
    group === FRAGMENTS ? `.loc[lambda t: ~${isCell}]` : "",
    // Otherwise fragments would be among the cells without a type.
    byType && group === ""
      ? `.assign(cell_type_auto=lambda t: t["cell_type_auto"].where(${isCell}, "fragment"))`
      : "",
    `.pivot_table(${values}, ["partner_root_id", "cell_type_auto"], "direction", "sum", fill_value=0)`,
    least > 1 ? `.loc[lambda t: t["n_synapses"].sum(axis=1) >= ${least}]` : "",
    byType ? `.assign(n_partners=1).groupby("cell_type_auto").sum()` : "",
  ];
  return `${cells.length === 1 ? "" : "import pandas as pd\n"}${steps.join("")}`;
}
