// The partner table as CSV.
import { quote } from "../../shared/csv";
import type { Row } from "../data/partner-table";

/** One row per partner, or per type; a size or distance that is not known is empty. */
export function partnersCsv(rows: readonly Row[], byType: boolean): string {
  const head = byType ? ["n_partners"] : ["partner_root_id"];
  const names = [...head, "partner_type", "in_cell_table", "n_inputs", "n_outputs"];
  names.push("size_inputs", "size_outputs", "median_distance_to_soma_um");
  const number = (value: number, decimals = 0) =>
    Number.isNaN(value) ? "" : value.toFixed(decimals);
  const lines = rows.map((row) =>
    [
      row.id ?? row.partners,
      quote(row.type),
      row.isCell ? "True" : "False",
      row.inputs,
      row.outputs,
      number(row.sizeIn),
      number(row.sizeOut),
      number(row.distance, 2),
    ].join(","),
  );
  return `${[names.join(","), ...lines].join("\n")}\n`;
}
