// In a narrow viewer the legend lies over the picture, behind a button; the style sheet decides when.
import { h, listen } from "../../shared/dom";

let panels = 0;

/** Returns the button that opens and closes a panel. */
export function foldButton(panel: HTMLElement): HTMLButtonElement {
  panel.id = `skv-legend-${++panels}`;
  const button = h(
    "button",
    {
      type: "button",
      class: "skv-fold",
      "aria-controls": panel.id,
      "aria-label": "Legend and depth profile",
    },
    "Legend",
  );
  const open = (now: boolean) => {
    panel.classList.toggle("skv-open", now);
    button.setAttribute("aria-expanded", String(now));
  };
  listen(button, "click", () => open(!panel.classList.contains("skv-open")));
  listen(panel, "keydown", (event) => {
    if (event.key !== "Escape" || !panel.classList.contains("skv-open")) return;
    open(false);
    button.focus();
  });
  open(false);
  return button;
}
