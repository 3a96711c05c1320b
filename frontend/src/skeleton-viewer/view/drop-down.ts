// A button that opens a panel over the picture; Escape closes it, and so does going elsewhere.
import { h, listen } from "../../shared/dom";

export function dropDown(
  kind: string,
  name: string,
  attributes: Record<string, string>,
  ...content: HTMLElement[]
): HTMLDetailsElement {
  const summary = h("summary", attributes, name);
  const el = h(
    "details",
    { class: `skv-drop ${kind}` },
    summary,
    h("div", { class: "skv-menu" }, ...content),
  );
  listen(el, "keydown", (event) => {
    if (event.key !== "Escape" || !el.open) return;
    el.open = false;
    summary.focus();
    event.stopPropagation();
  });
  listen(el, "focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !el.contains(relatedTarget)) el.open = false;
  });
  return el;
}
