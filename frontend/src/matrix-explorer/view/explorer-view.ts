// The whole explorer: toolbar, matrix or view by type, and the panels beside it.
import { clipped } from "../../shared/clipped";
import { h } from "../../shared/dom";
import { counted, format } from "../../shared/number-format";
import { WEIGHTS, weightOf } from "../data/connection-values";
import { exportMenu } from "../export/export-menu";
import { entrySize } from "../render/plot-frame";
import type { Store } from "../store";
import { HistogramView } from "./histogram-view";
import { drawLegend, scaleOf } from "./legend";
import { MatrixView } from "./matrix-view";
import { PairView } from "./pair-view";
import { toolbar } from "./toolbar";
import { TypeView } from "./type-view";

const PAUSE_MS = 100;

/** Builds an explorer in an element; the returned function draws it, once it is in the page. */
export function buildExplorer(root: HTMLElement, store: Store, signal: AbortSignal): () => void {
  const matrix = new MatrixView(store, signal);
  const types = new TypeView(store);
  const legend = h("section", { class: "mx-legend", "aria-label": "Legend" });
  const caption = h("p", { class: "mx-caption" });
  const status = h("p", { class: "mx-status", role: "status" });
  const counts = () =>
    store.get("pixel") === "count" && matrix.picture.shares(matrix.frame, matrix.ratio);
  const scale = () => scaleOf(store, counts(), matrix.picture.most, types.high);
  const captionText = () => captionOf(store, matrix);
  const bar = toolbar(store, (on) => {
    matrix.dragSelects = on;
  });
  const exports = exportMenu({ store, matrix, types, caption: captionText, scale });
  bar.root.append(exports.root);
  const pair = new PairView(store, signal);
  const histogram = new HistogramView(store, signal);
  const side = h("div", { class: "mx-side" }, pair.root, legend, histogram.root);
  const main = h("div", { class: "mx-main" }, matrix.root, types.root, caption, status);
  root.replaceChildren(bar.root, h("div", { class: "mx-body" }, main, side));

  const draw = () => {
    const byType = store.get("show") === "types";
    matrix.root.hidden = byType;
    types.root.hidden = !byType;
    bar.draw();
    exports.draw();
    if (byType) types.draw();
    else matrix.resize();
    updateTexts();
  };
  // The scale of connections per pixel, and how many entries share one, change with the window.
  const updateTexts = () => {
    caption.textContent = captionText();
    drawLegend(legend, store, scale());
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(pause));
  store.on((change) => {
    if (change === "mode") draw();
    if (change === "picture") {
      bar.draw();
      if (store.get("show") === "types") types.draw();
      requestAnimationFrame(updateTexts);
    }
    if (change === "window" || change === "choice") {
      // Changing text in every frame would cost more than the picture.
      clearTimeout(pause);
      pause = setTimeout(updateTexts, PAUSE_MS);
    }
    if (change === "status") status.textContent = store.status;
  });
  const widths = new ResizeObserver(() => {
    if (store.get("show") === "types") types.draw();
  });
  widths.observe(types.root);
  signal.addEventListener("abort", () => widths.disconnect());
  return draw;
}

/** What is in view, how entries share pixels, and the source of the data. */
function captionOf(store: Store, matrix: MatrixView): string {
  const { layout, data } = store;
  const n = counted(data.places.length, "connection");
  const parts = [`${n} among ${format(layout.nRows)} × ${format(layout.nColumns)} cells.`];
  if (store.get("show") === "types") {
    parts.push("Autapses are excluded. Below each value: the number of possible cell pairs.");
  } else {
    const { rows, columns } = store.visible;
    if (!store.isWhole) {
      parts.push(`In view: ${format(rows[1] - rows[0])} × ${format(columns[1] - columns[0])}.`);
    }
    const selected = (["pre", "post"] as const).map((side) => store.get(`selected_${side}`).length);
    if (selected.some((n) => n > 0)) {
      parts.push(`Selected: ${selected.map((n) => (n > 0 ? format(n) : "all")).join(" × ")}.`);
    }
    parts.push(sharing(store, matrix));
    parts.push(`Margins: ${WEIGHTS[weightOf(store.get("value"))]} per cell.`);
  }
  const source = store.get("source");
  if (source) parts.push(`Source: ${clipped(source)}.`);
  return parts.join(" ");
}

function sharing(store: Store, matrix: MatrixView): string {
  if (!matrix.picture.shares(matrix.frame, matrix.ratio)) return "Each entry is one pair of cells.";
  const { across, down } = entrySize(matrix.frame, store.window);
  const [rows, columns] = [down, across].map((size) =>
    Math.max(1, Math.ceil(1 / (size * matrix.ratio))),
  );
  const what = store.get("pixel") === "count" ? "the number of connections" : "the largest value";
  return `Up to ${rows} × ${columns} entries share a pixel, which shows ${what} among them.`;
}
