// Files that the page saves on the reader's computer.
import { h } from "./dom";

/** Saves a file from the page. */
export function download(name: string, content: Blob | string): void {
  const url = URL.createObjectURL(typeof content === "string" ? new Blob([content]) : content);
  h("a", { href: url, download: name }).click();
  // Some browsers read it only after the click has ended.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
