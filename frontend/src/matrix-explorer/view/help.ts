// What mouse, fingers and keys do, for the menu and for screen readers.
import { h } from "../../shared/dom";

export const KEYS =
  "Arrow keys move the cross-hair, N and P go to the next and previous connection, " +
  "Enter chooses the pair, Shift and arrows select, plus and minus zoom, 0 shows everything.";
const MOUSE =
  "Point at an entry to read it. A click chooses its pair of cells; after that, scrolling zooms, " +
  "dragging pans, and dragging with Shift selects cells.";
const FINGERS =
  "A tap on an entry chooses its pair of cells; after that, one finger pans and two fingers zoom.";

export function help(touchOnly: boolean): HTMLElement {
  const lines = touchOnly ? [FINGERS] : [MOUSE, KEYS];
  return h(
    "details",
    { class: "mx-help" },
    h("summary", {}, "Help"),
    ...lines.map((line) => h("p", {}, line)),
  );
}
