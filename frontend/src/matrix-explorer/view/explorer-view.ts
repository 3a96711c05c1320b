// The whole explorer: toolbar, matrix, view by type or table, and the panels beside it.
import { h, listen } from "../../shared/dom";
import type { Hover } from "../../shared/linked";
import type { Place } from "../../shared/mount";
import type { RootId } from "../../shared/root-ids";
import { TraitHistory } from "../../shared/trait-history";
import { exportMenu } from "../export/export-menu";
import { shares } from "../render/plot-frame";
import { isTable, type State } from "../state";
import type { Store } from "../store";
import { captionOf } from "./caption";
import { HistogramView } from "./histogram-view";
import { drawLegend, scaleOf } from "./legend";
import { MatrixView } from "./matrix-view";
import { moreMenu } from "./more-menu";
import { PairView } from "./pair-view";
import { TableView } from "./table-view";
import { toolbar } from "./toolbar";
import { TypeView } from "./type-view";

const PAUSE_MS = 100;
/** From this width on, the panels are beside the matrix; explorer.css has the same number. */
const WIDE = 760;
/** Below a matrix, the panels keep this part of the height, but no more than this many pixels. */
const PANELS = { part: 0.3, most: 150 };
// A pair moves the view, so the view is set after it.
const UNDONE = [
  "value",
  "by",
  "order_pre",
  "order_post",
  "show",
  "type_value",
  "null",
  "pixel",
  "colormap",
  "minimap",
  "cell",
  "selected_pre",
  "selected_post",
  "selected_outside",
  "pair",
  "view",
] as const satisfies readonly (keyof State)[];

/** Builds an explorer in an element; the returned function draws it, once it is in the page. */
export function buildExplorer(
  root: HTMLElement,
  store: Store,
  { model, signal }: Place<State>,
  hover: Hover,
): () => void {
  const touchOnly = matchMedia("(hover: none) and (pointer: coarse)").matches;
  const tellHover = whenChanged(hover);
  const matrix = new MatrixView(store, signal, touchOnly);
  // The button that was pressed is gone with the view by type, and the focus must not be lost.
  const types = new TypeView(store, (text) => matrix.enter(`In view: ${text}`), signal);
  const table = new TableView(store, () => types.summary, tellHover, signal);
  const legend = h("section", { class: "mx-legend", "aria-label": "Legend" });
  const caption = h("p", { class: "mx-caption" });
  const status = h("p", { class: "mx-status", role: "status" });
  const scale = () => {
    const counts =
      store.get("pixel") === "count" && shares(matrix.frame, store.window, matrix.ratio);
    return scaleOf(store, counts, matrix.picture.most, types.high);
  };
  const history = new TraitHistory<State>(model, UNDONE, () => bar.draw(), signal);
  const exports = exportMenu(store, types);
  const selecting = (on: boolean) => {
    matrix.dragSelects = on;
  };
  const more = moreMenu({ store, history, exports, selecting, touchOnly, signal });
  const bar = toolbar(store, more);
  const pair = new PairView(store, signal);
  const histogram = new HistogramView(store, signal);
  const side = h(
    "div",
    // Scrolled by keyboard, too.
    { class: "mx-side", tabindex: 0, role: "group", "aria-label": "Pair, legend, strengths" },
    pair.root,
    legend,
    histogram.root,
    caption,
  );
  const main = h("div", { class: "mx-main" }, matrix.root, types.root, table.root);
  const body = h("div", { class: "mx-body" }, main, side);
  root.replaceChildren(
    h(
      "div",
      { class: "mx-frame", role: "group", "aria-label": "Matrix explorer" },
      bar.root,
      status,
      body,
      pair.announcement,
    ),
  );
  listen(root, "keydown", (event) => {
    const by = undoneBy(event);
    if (by === 0) return;
    event.preventDefault();
    history.go(by);
  });

  const fit = (again = true) => {
    // JupyterLab lays out the page without its stylesheets while it changes the theme, and an
    // observer of sizes does not notice what has come and gone within one frame.
    if (root.clientWidth === 0) {
      if (again) requestAnimationFrame(() => fit(false));
      return;
    }
    const wide = root.clientWidth >= WIDE;
    const panels = wide ? 0 : Math.min(PANELS.part * body.clientHeight, PANELS.most);
    matrix.tallest = body.clientHeight - panels;
    if (store.get("show") === "types") types.draw();
    else if (store.get("show") === "cells") matrix.resize();
  };
  const draw = () => {
    const show = store.get("show");
    matrix.root.hidden = show !== "cells";
    types.root.hidden = show !== "types";
    table.root.hidden = !isTable(show);
    legend.hidden = histogram.root.hidden = isTable(show);
    body.classList.toggle("mx-filled", show !== "cells");
    body.classList.toggle("mx-tabular", isTable(show));
    bar.draw();
    fit();
    table.draw();
    updateTexts();
  };
  // The scale of connections per pixel, and how many entries share one, change with the window.
  const updateTexts = () => {
    caption.textContent = captionOf(store, matrix);
    drawLegend(legend, store, scale());
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(pause));
  store.on((change) => {
    if (change === "mode") draw();
    if (change === "picture") {
      bar.draw();
      if (store.get("show") === "types") types.draw();
      table.schedule();
      requestAnimationFrame(updateTexts);
    }
    if (change === "window" || change === "choice") {
      // Changing text in every frame would cost more than the picture.
      clearTimeout(pause);
      pause = setTimeout(() => {
        updateTexts();
        bar.draw();
      }, PAUSE_MS);
      table.schedule();
    }
    if (change === "cross") tellHover(store.hovered);
    if (change === "status") status.textContent = store.status;
  });
  const sizes = new ResizeObserver(() => fit());
  sizes.observe(body);
  signal.addEventListener("abort", () => {
    sizes.disconnect();
    tellHover([]);
  });
  return draw;
}

/** -1 for the keys that undo, 1 for those that redo, 0 for others. */
function undoneBy(event: KeyboardEvent): -1 | 0 | 1 {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return 0;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? 1 : -1;
  return key === "y" ? 1 : 0;
}

function whenChanged(tell: (ids: readonly RootId[]) => void): (ids: readonly RootId[]) => void {
  let last = "";
  return (ids) => {
    const key = ids.join();
    if (key === last) return;
    last = key;
    tell(ids);
  };
}
