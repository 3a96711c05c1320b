// The buttons beside the matrix that zoom.
import { h, listen } from "../../shared/dom";
import { zoomed } from "../data/visible-window";
import type { Store } from "../store";
import { button } from "./controls";

/** A press on what lies on the matrix must neither move it nor choose from it. */
const STOPPED = ["pointerdown", "pointermove", "pointerup", "click", "dblclick"] as const;

export function zoomButtons(store: Store): HTMLElement {
  const root = h(
    "div",
    { class: "mx-zoom", role: "group", "aria-label": "Zoom" },
    button("+", "Zoom in", () => zoomBy(store, 2)),
    button("−", "Zoom out", () => zoomBy(store, 0.5)),
  );
  keepFromMatrix(root);
  return root;
}

/** Keeps the pointer's events in an element that lies on the matrix. */
export function keepFromMatrix(element: HTMLElement): void {
  for (const name of STOPPED) listen(element, name, (event) => event.stopPropagation());
}

// About the chosen pair, if it is in view: the pointer is on a button, so its place says nothing.
function zoomBy(store: Store, factor: number): void {
  const { window, layout } = store;
  const { top, bottom, left, right } = window;
  const [pre, post] = store.get("pair") ?? [];
  const row = pre === undefined ? -1 : store.placeOf("pre", pre);
  const column = post === undefined ? -1 : store.placeOf("post", post);
  const isInView = row >= top && row < bottom && column >= left && column < right;
  const about = isInView
    ? { row: row + 0.5, column: column + 0.5 }
    : { row: (top + bottom) / 2, column: (left + right) / 2 };
  const both = { across: factor, down: factor };
  store.look(zoomed(window, both, about, layout.nRows, layout.nColumns));
}
