// Text in CSV files; microns_widgets/_csv.py has the same rule.
import { CSV_FORMULA } from "./contract";

const FORMULA = new RegExp(CSV_FORMULA);

/**
 * A text as a field of a CSV file, quoted where it needs to be. An apostrophe in front keeps
 * spreadsheets from running it as a formula.
 */
export function quote(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
