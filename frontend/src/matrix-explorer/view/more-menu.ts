// Everything that is needed less often, in a menu that opens inside the widget.
import { COLORMAPS } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import type { TraitHistory } from "../../shared/trait-history";
import { nameOf, type State } from "../state";
import type { Store } from "../store";
import { button, Controls, orderOptions } from "./controls";
import { help } from "./help";
import type { Toolbar } from "./toolbar";

export interface MenuParts {
  store: Store;
  history: TraitHistory<State>;
  exports: Toolbar;
  /** Called when dragging is to select, or no longer. */
  selecting(on: boolean): void;
  /** A screen without mouse and keyboard. */
  touchOnly: boolean;
  signal: AbortSignal;
}

export function moreMenu({
  store,
  history,
  exports,
  selecting,
  touchOnly,
  signal,
}: MenuParts): Toolbar {
  const controls = new Controls(store);
  const { rows, columns } = store.data;
  const shared = [...rows.texts.keys()].filter((name) => columns.texts.has(name));
  const select = button("Select", selectTitle(touchOnly), () => {
    const on = select.getAttribute("aria-pressed") !== "true";
    select.setAttribute("aria-pressed", String(on));
    selecting(on);
  });
  select.setAttribute("aria-pressed", "false");
  const view = h(
    "div",
    { class: "mx-buttons", role: "group", "aria-label": "View" },
    button("All", "Show the whole matrix", () => store.lookAtAll()),
    select,
  );
  const minimap = h("input", { type: "checkbox" });
  listen(minimap, "change", () => store.set({ minimap: minimap.checked }));
  const forCells = h(
    "div",
    { class: "mx-controls" },
    view,
    controls.choice("order_pre", "Rows by", orderOptions(store, "pre"), (by) => order("pre", by)),
    controls.choice("order_post", "Columns by", orderOptions(store, "post"), (by) =>
      order("post", by),
    ),
    controls.choice("pixel", "Pixels show", [
      ["largest", "largest value"],
      ["count", "number of connections"],
    ]),
    h("label", { class: "mx-check" }, h("span", {}, "Map after zooming in"), minimap),
  );
  const order = async (side: "pre" | "post", by: string) => {
    await store.order(side, by);
    controls.draw();
  };
  const undo = button("Undo", "Undo the last change (Ctrl+Z)", () => history.go(-1));
  const redo = button("Redo", "Redo the change that was undone (Ctrl+Shift+Z)", () =>
    history.go(1),
  );
  const menu = h(
    "div",
    { class: "mx-menu", role: "group", "aria-label": "More" },
    forCells,
    h(
      "div",
      { class: "mx-controls" },
      controls.choice(
        "by",
        "Group by",
        shared.map((name) => [name, nameOf(name)]),
      ),
      controls.choice(
        "colormap",
        "Colours",
        COLORMAPS.map((name) => [name, name]),
      ),
    ),
    h("div", { class: "mx-buttons", role: "group", "aria-label": "History" }, undo, redo),
    exports.root,
    help(touchOnly),
  );
  const summary = h("summary", {}, "More");
  const root = h("details", { class: "mx-more" }, summary, menu);
  const close = () => root.removeAttribute("open");
  listen(root, "keydown", (event) => {
    if (event.key !== "Escape" || !root.open) return;
    close();
    summary.focus();
    event.preventDefault();
  });
  const outside = (event: PointerEvent) => {
    if (root.open && !event.composedPath().includes(root)) close();
  };
  listen(document, "pointerdown", outside, { signal, capture: true });
  const draw = () => {
    forCells.hidden = store.get("show") !== "cells";
    minimap.checked = store.get("minimap");
    undo.disabled = !history.canGo(-1);
    redo.disabled = !history.canGo(1);
    controls.draw();
    exports.draw();
  };
  return { root, draw };
}

function selectTitle(touchOnly: boolean): string {
  return `Select cells by dragging${touchOnly ? "" : " (or hold Shift and drag)"}`;
}
