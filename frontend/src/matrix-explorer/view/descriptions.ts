// Describes cells and connections in words.

import { clipped } from "../../shared/clipped";
import { counted, format } from "../../shared/number-format";
import type { RootId } from "../../shared/root-ids";
import { axisOf, type Side } from "../data/cell-order";
import { WEIGHTS, weightOf } from "../data/connection-values";
import type { PixelContents } from "../data/pixel-contents";
import { labelName } from "../state";
import type { Header, Place, Store } from "../store";

type Line = [name: string, value: string];

/** A cell's type, region and depth, as far as known. */
export function describeCell(store: Store, side: Side, place: number): string {
  const axis = axisOf(store.data, side);
  const cell = store.cellAt(side, place);
  const label = (name: string) => {
    const column = axis.texts.get(name);
    return column?.labels[column.codes[cell] as number] ?? "";
  };
  const depth = axis.depth?.[cell] ?? Number.POSITIVE_INFINITY;
  const by = store.get("by");
  const parts = [
    labelName(label(by)),
    by === "region" ? "" : clipped(label("region")),
    Number.isFinite(depth) ? `${format(Math.round(depth))} µm deep` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** A pair's connection: number and sizes of its synapses. */
export function describeConnection(store: Store, place: Place): string {
  const entry = store.entryAt(place);
  if (entry < 0) return "no connection";
  const { count, total, largest } = store.data;
  const n = count[entry] as number;
  if (!store.hasSizes) return counted(n, "synapse");
  const sum = total[entry] as number;
  // As the viewer describes a pair.
  const text = `${counted(n, "synapse")}, ${format(sum)} voxels`;
  if (n === 1) return text;
  return `${text} (mean ${format(sum / n)}, largest ${format(largest[entry] as number)})`;
}

/** An entry as a sentence: both cells and their connection. */
export function describePlace(store: Store, place: Place): string {
  const pre = `${store.idOf("pre", place.row)} (${describeCell(store, "pre", place.row)})`;
  const post = `${store.idOf("post", place.column)} (${describeCell(store, "post", place.column)})`;
  return `${pre} → ${post}: ${describeConnection(store, place)}`;
}

/** A row or column as a sentence: its cell, and what the margin shows of it. */
export function describeHeader(store: Store, header: Header): string {
  return headerLines(store, header)
    .map((line) => line.join(" "))
    .join(", ");
}

/** An entry for the tooltip: both cells, their connection, and what else is in the pixel. */
export function entryLines(store: Store, place: Place, pixel: PixelContents | null): Line[] {
  const cell = (side: Side, at: number) =>
    `${store.idOf(side, at)} ${labelName(store.labelAt(side, at))}`;
  const lines: Line[] = [
    ["from", cell("pre", place.row)],
    ["onto", cell("post", place.column)],
    ["", briefConnection(store, place)],
  ];
  if (pixel) lines.push(["", describePixel(pixel)]);
  return lines;
}

function briefConnection(store: Store, place: Place): string {
  const entry = store.entryAt(place);
  if (entry < 0) return "no connection";
  const synapses = counted(store.data.count[entry] as number, "synapse");
  return store.hasSizes
    ? `${synapses}, ${format(store.data.total[entry] as number)} voxels`
    : synapses;
}

function describePixel({ rows, columns, connected }: PixelContents): string {
  const among = `${format(rows)} × ${format(columns)} pairs in this pixel`;
  if (connected === 0) return `none of ${among} is connected`;
  return connected === 1 ? `the only one of ${among}` : `the largest of ${connected} in ${among}`;
}

/** The cell of a row or column for the tooltip. */
export function headerLines(store: Store, { side, place }: Header): Line[] {
  const value = store.get("value");
  const sums = side === "pre" ? store.sums.rows : store.sums.columns;
  const sum = format(sums[store.cellAt(side, place)] as number);
  return [
    [side === "pre" ? "presynaptic" : "postsynaptic", store.idOf(side, place)],
    ["", describeCell(store, side, place)],
    [WEIGHTS[weightOf(value)], sum],
  ];
}

/** Which of a cell's lines are in view: "row and column", "row", "column" or none. */
export function guidesInView(store: Store, id: RootId): string {
  const { rows, columns } = store.visible;
  const isIn = (side: Side, [first, end]: readonly [number, number]) => {
    const place = store.placeOf(side, id);
    return place >= first && place < end;
  };
  const lines = [isIn("pre", rows) && "row", isIn("post", columns) && "column"];
  return lines.filter(Boolean).join(" and ");
}

/** Says how many of the selected cells are not in the matrix; empty if all are. */
export function describeSelectedOutside(store: Store): string {
  const outside = store.get("selected_outside");
  if (!outside) return "";
  const inside = new Set([...store.get("selected_pre"), ...store.get("selected_post")]).size;
  if (inside === 0) {
    const cells =
      outside === 1 ? "The selected cell is" : `All ${format(outside)} selected cells are`;
    return `${cells} outside this matrix.`;
  }
  const are = outside === 1 ? "is" : "are";
  return `${format(outside)} of the ${format(inside + outside)} selected cells ${are} not in this matrix.`;
}

/** Says that a chosen cell is not in the matrix. */
export function describeOutside(store: Store, id: RootId): string {
  const { nRows, nColumns } = store.layout;
  const same = nRows === nColumns && store.derived.isSquare;
  const cells = same ? `${format(nRows)} cells` : `${format(nRows)} × ${format(nColumns)} cells`;
  return `Cell ${id} is not in this matrix (${cells}).`;
}
