// Drawn over the matrix, on its own canvas: cross-hair, chosen pair and cell, selection.

import type { RootId } from "../../shared/root-ids";
import type { Place, Store } from "../store";
import { type Frame, GAP, STRIP, xOf, yOf } from "./plot-frame";

const CROSS = "#d6336c";
export const PAIR_COLOR = CROSS;
const SELECTION = "#f08c00";
const CELL = { light: "#1c7ed6", dark: "#6cb6ff" };
const LIT = { light: "#0b7285", dark: "#66d9e8" };

export interface Rectangle {
  rows: [number, number];
  columns: [number, number];
}

export function drawOverlay(
  context: CanvasRenderingContext2D,
  frame: Frame,
  ratio: number,
  store: Store,
  brush: Rectangle | null,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { left, top, plotWidth, plotHeight } = frame;
  context.save();
  context.beginPath();
  // The bars of the selection are on the strips.
  context.rect(left - GAP - STRIP, top - GAP - STRIP, plotWidth + 12, plotHeight + 12);
  context.clip();
  const rows = brush ? [brush.rows] : runs(store.selectedPlaces("pre"));
  const columns = brush ? [brush.columns] : runs(store.selectedPlaces("post"));
  drawSelection(context, frame, store, rows, columns);
  const [pair, cell] = [store.get("pair"), store.get("cell")];
  // The cell was chosen before the pair, and is not what the other widgets show.
  if (cell && !pair) drawGuides(context, frame, store, [cell], CELL[store.theme]);
  drawGuides(context, frame, store, store.lit, LIT[store.theme]);
  if (store.cross) drawCross(context, frame, store, store.cross);
  if (pair) drawPair(context, frame, store, pair);
  context.restore();
}

function drawSelection(
  context: CanvasRenderingContext2D,
  frame: Frame,
  store: Store,
  rows: readonly [number, number][],
  columns: readonly [number, number][],
): void {
  const { window } = store;
  context.fillStyle = SELECTION;
  for (const [first, end] of rows) {
    const y = yOf(frame, window, first);
    const height = Math.max(1, yOf(frame, window, end) - y);
    context.fillRect(frame.left - GAP - 3, y, 3, height);
  }
  for (const [first, end] of columns) {
    const x = xOf(frame, window, first);
    context.fillRect(x, frame.top - GAP - 3, Math.max(1, xOf(frame, window, end) - x), 3);
  }
  const [row] = rows;
  const [column] = columns;
  if (rows.length !== 1 || columns.length !== 1 || !row || !column) return;
  const [x, y] = [xOf(frame, window, column[0]), yOf(frame, window, row[0])];
  context.strokeStyle = SELECTION;
  context.lineWidth = 2;
  context.strokeRect(x, y, xOf(frame, window, column[1]) - x, yOf(frame, window, row[1]) - y);
}

// Lines on both sides of a cell's row and column, which stay visible; of two cells, the row of the
// presynaptic and the column of the postsynaptic one.
function drawGuides(
  context: CanvasRenderingContext2D,
  frame: Frame,
  store: Store,
  ids: readonly RootId[],
  color: string,
): void {
  const [pre, post = pre] = ids;
  if (pre === undefined || post === undefined) return;
  const { window } = store;
  const [row, column] = [store.placeOf("pre", pre), store.placeOf("post", post)];
  const edges = (begin: number, end: number) => [Math.floor(begin) - 1, Math.ceil(end)];
  context.fillStyle = color;
  if (row >= 0) {
    for (const y of edges(yOf(frame, window, row), yOf(frame, window, row + 1))) {
      context.fillRect(frame.left - GAP - STRIP, y, frame.plotWidth + GAP + STRIP, 1);
    }
  }
  if (column >= 0) {
    for (const x of edges(xOf(frame, window, column), xOf(frame, window, column + 1))) {
      context.fillRect(x, frame.top - GAP - STRIP, 1, frame.plotHeight + GAP + STRIP);
    }
  }
}

function drawCross(
  context: CanvasRenderingContext2D,
  frame: Frame,
  store: Store,
  { row, column }: Place,
): void {
  const { window } = store;
  const { left, top, plotWidth, plotHeight } = frame;
  const [x, y] = [xOf(frame, window, column), yOf(frame, window, row)];
  const width = Math.max(1, xOf(frame, window, column + 1) - x);
  const height = Math.max(1, yOf(frame, window, row + 1) - y);
  context.fillStyle = CROSS;
  context.globalAlpha = 0.8;
  // The lines end before the entry, so that its colour stays visible.
  context.fillRect(left, y + height / 2, Math.max(0, x - left - 2), 1);
  context.fillRect(x + width + 2, y + height / 2, left + plotWidth - x - width - 2, 1);
  context.fillRect(x + width / 2, top, 1, Math.max(0, y - top - 2));
  context.fillRect(x + width / 2, y + height + 2, 1, top + plotHeight - y - height - 2);
  context.globalAlpha = 1;
}

/** A frame around the entry of the chosen pair. */
export function drawPair(
  context: CanvasRenderingContext2D,
  frame: Frame,
  store: Store,
  [pre, post]: readonly [RootId, RootId],
): void {
  const { window } = store;
  const [row, column] = [store.placeOf("pre", pre), store.placeOf("post", post)];
  if (row < 0 || column < 0) return;
  const x = xOf(frame, window, column);
  const y = yOf(frame, window, row);
  const width = Math.max(5, xOf(frame, window, column + 1) - x);
  const height = Math.max(5, yOf(frame, window, row + 1) - y);
  context.strokeStyle = PAIR_COLOR;
  context.lineWidth = 2;
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
}

/** Adjacent places as ranges (start and one past the end). */
export function runs(places: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const place of places) {
    const last = ranges.at(-1);
    if (last?.[1] === place) last[1] = place + 1;
    else ranges.push([place, place + 1]);
  }
  return ranges;
}
