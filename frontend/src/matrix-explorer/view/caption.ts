// Sentences about what is on view, for the page and for pictures that leave it.

import { clipped } from "../../shared/clipped";
import { NULL_KINDS } from "../../shared/contract";
import { counted, format } from "../../shared/number-format";
import { WEIGHTS, weightOf } from "../data/connection-values";
import { entrySize, type Frame, shares } from "../render/plot-frame";
import { isTable, nameOf, ofTypes } from "../state";
import type { Store } from "../store";
import { describeSelectedOutside } from "./descriptions";

/** How the matrix is drawn: where, and with how many device pixels per CSS pixel. */
export interface Drawn {
  frame: Frame;
  ratio: number;
}

/** What is in view, how entries share pixels, and the source of the data. */
export function captionOf(store: Store, drawn?: Drawn): string {
  const { layout, data } = store;
  const n = counted(data.places.length, "connection");
  const parts = [`${n} among ${format(layout.nRows)} × ${format(layout.nColumns)} cells.`];
  const show = store.get("show");
  if (ofTypes(show)) {
    parts.push("Autapses are excluded.");
    if (show === "types" && store.get("type_value") === "ratio") {
      const kept = NULL_KINDS[store.get("null")];
      parts.push(
        `Connected pairs divided by their mean in random networks that keep ${kept}. In brackets: this mean.`,
      );
    } else if (!isTable(show)) parts.push("Below each value: the number of possible cell pairs.");
  } else {
    const { rows, columns } = store.visible;
    if (!store.isWhole) {
      parts.push(`In view: ${format(rows[1] - rows[0])} × ${format(columns[1] - columns[0])}.`);
    }
    const selected = (["pre", "post"] as const).map((side) => store.get(`selected_${side}`).length);
    if (selected.some((n) => n > 0)) {
      parts.push(`Selected: ${selected.map((n) => (n > 0 ? format(n) : "all")).join(" × ")}.`);
    }
    // The table of connections says so itself.
    if (show !== "connection_table") parts.push(describeSelectedOutside(store));
    if (drawn && !isTable(show)) {
      parts.push(sharing(store, drawn));
      parts.push(marginsOf(store));
    }
  }
  parts.push(sourceOf(store));
  return parts.filter((part) => part !== "").join(" ");
}

/** What rows and columns are, and their order. */
export function axesOf(store: Store): string {
  const { rows, columns } = store.visible;
  const axis = (name: string, cells: string, n: number, side: "pre" | "post") => {
    const by = store.get(`order_${side}`);
    return `${name}: ${format(n)} ${cells} cells, ${by === "given" ? "as given" : `by ${nameOf(by, side)}`}.`;
  };
  return [
    axis("Rows", "presynaptic", rows[1] - rows[0], "pre"),
    axis("Columns", "postsynaptic", columns[1] - columns[0], "post"),
  ].join(" ");
}

export function marginsOf(store: Store): string {
  return `Margins: ${WEIGHTS[weightOf(store.get("value"))]} per cell.`;
}

/** The dataset and its version. */
export function sourceOf(store: Store): string {
  const source = store.get("source");
  return source ? `Source: ${clipped(source)}.` : "";
}

/** How many entries share a pixel, and what it shows of them. */
export function sharing(store: Store, drawn: Drawn): string {
  if (!shares(drawn.frame, store.window, drawn.ratio)) return "Each entry is one pair of cells.";
  const { across, down } = entrySize(drawn.frame, store.window);
  const [rows, columns] = [down, across].map((size) =>
    Math.max(1, Math.ceil(1 / (size * drawn.ratio))),
  );
  const what = store.get("pixel") === "count" ? "the number of connections" : "the largest value";
  return `Up to ${rows} × ${columns} entries share a pixel, which shows ${what} among them.`;
}
