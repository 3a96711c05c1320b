// Describes cells and connections in words.

import { clipped } from "../../shared/clipped";
import { counted, format } from "../../shared/number-format";
import { axisOf, type Side } from "../data/cell-order";
import { labelName } from "../state";
import type { Place, Store } from "../store";

/** A cell's type, region and depth, as far as known. */
export function describeCell(store: Store, side: Side, place: number): string {
  const axis = axisOf(store.data, side);
  const order = side === "pre" ? store.layout.rowAt : store.layout.columnAt;
  const cell = order[place] as number;
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
  const size = `size ${format(total[entry] as number)} voxels`;
  if (n === 1) return `1 synapse, ${size}`;
  const sum = total[entry] as number;
  return (
    `${counted(n, "synapse")}, summed ${size}, mean ${format(sum / n)}, ` +
    `largest ${format(largest[entry] as number)}`
  );
}

/** An entry as a sentence: both cells and their connection. */
export function describePlace(store: Store, place: Place): string {
  const pre = `${store.idOf("pre", place.row)} (${describeCell(store, "pre", place.row)})`;
  const post = `${store.idOf("post", place.column)} (${describeCell(store, "post", place.column)})`;
  return `${pre} → ${post}: ${describeConnection(store, place)}`;
}
