// Text in CSV files.

/** A text as a field of a CSV file, quoted where it needs to be. */
export function quote(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
