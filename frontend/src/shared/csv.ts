// Text in CSV files, by the same rule as microns_widgets/_csv.py.
import { CSV_FORMULA } from "./contract";

const FORMULA = new RegExp(CSV_FORMULA);

/**
 * A string as a cell of a CSV file, quoted if necessary. An apostrophe in front keeps spreadsheets
 * from running it as a formula.
 */
export function quote(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
