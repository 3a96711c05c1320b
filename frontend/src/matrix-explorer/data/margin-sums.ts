// Row and column sums for the margins.

import { type Value, weightOf } from "./connection-values";
import type { MatrixData } from "./matrix-data";

export interface Sums {
  rows: Float64Array;
  columns: Float64Array;
}

/** Sums of each row and column of the data: partners, synapses or sizes, depending on the value. */
export function sumsOf(data: MatrixData, value: Value): Sums {
  const rows = new Float64Array(data.rows.size);
  const columns = new Float64Array(data.columns.size);
  const weights = { binary: null, count: data.count, sum: data.total }[weightOf(value)];
  for (let row = 0; row < rows.length; row++) {
    const end = data.begin[row + 1] as number;
    let sum = 0;
    for (let entry = data.begin[row] as number; entry < end; entry++) {
      const weight = weights ? (weights[entry] as number) : 1;
      const column = data.places[entry] as number;
      columns[column] = (columns[column] as number) + weight;
      sum += weight;
    }
    rows[row] = sum;
  }
  return { rows, columns };
}

/** The largest sum among the cells in each pixel of an axis, relative to the largest of all. */
export function bars(
  sums: Float64Array,
  order: Uint32Array,
  first: number,
  end: number,
  length: number,
): Float64Array {
  let most = 0;
  for (const sum of sums) if (sum > most) most = sum;
  const heights = new Float64Array(length);
  const scale = length / (end - first);
  const until = Math.min(order.length, Math.ceil(end));
  for (let place = Math.max(0, Math.floor(first)); place < until; place++) {
    const part = (sums[order[place] as number] as number) / (most || 1);
    const from = Math.max(0, Math.floor((place - first) * scale));
    const to = Math.min(length, Math.max(from + 1, Math.floor((place + 1 - first) * scale)));
    for (let at = from; at < to; at++) if (part > (heights[at] as number)) heights[at] = part;
  }
  return heights;
}
