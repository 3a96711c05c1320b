// Saves files from the page.
import { h } from "./dom";

/** Saves a file under a name. */
export function download(name: string, content: Blob | string): void {
  const url = URL.createObjectURL(typeof content === "string" ? new Blob([content]) : content);
  h("a", { href: url, download: name }).click();
  // Some browsers read the file only after the click has ended.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
