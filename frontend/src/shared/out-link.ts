// Links to other sites; tables/cell_links.py writes them.
import { h } from "./dom";

export type OutLink = [text: string, name: string, url: string];

/** A link that opens in a new tab; its name tells a screen reader where it leads. */
export function outLink([text, name, href]: OutLink): HTMLAnchorElement {
  return h("a", { href, "aria-label": name, target: "_blank", rel: "noopener" }, text);
}
