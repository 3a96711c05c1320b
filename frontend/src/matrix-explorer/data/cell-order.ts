// The order of the cells on an axis: the same as Python's ordering.py, ties included.
import { typeOrder } from "../../shared/palette";
import type { Axis, MatrixData } from "./matrix-data";

/** For each row or column as shown, its index in the data. */
export type Order = Uint32Array;
export type Side = "pre" | "post";

export function axisOf(data: MatrixData, side: Side): Axis {
  return side === "pre" ? data.rows : data.columns;
}

export function dataOrder(size: number): Order {
  return Uint32Array.from({ length: size }, (_, place) => place);
}

/** Orders by a text column, "depth" or "degree"; null for an order that only Python can make. */
export function orderBy(data: MatrixData, side: Side, by: string): Order | null {
  const axis = axisOf(data, side);
  if (by === "given") return dataOrder(axis.size);
  if (by === "depth") return axis.depth ? ascending(axis.depth) : null;
  if (by === "degree") return ascending(degrees(data, side).map((degree) => -degree));
  return axis.texts.has(by) ? ascending(ranks(axis, by).ranks) : null;
}

/** Number of partners of each cell on an axis. */
export function degrees(data: MatrixData, side: Side): Float64Array {
  const { begin, places } = data;
  if (side === "pre") {
    return Float64Array.from({ length: data.rows.size }, (_, row) => {
      return (begin[row + 1] as number) - (begin[row] as number);
    });
  }
  const degree = new Float64Array(data.columns.size);
  for (let entry = 0; entry < places.length; entry++) {
    const place = places[entry] as number;
    degree[place] = (degree[place] as number) + 1;
  }
  return degree;
}

export interface Ranks {
  /** Rank of each cell's label. */
  ranks: Uint16Array;
  /** Labels that occur, in the palette's order, "" (unknown) last. */
  labels: readonly string[];
}

/** The labels of a text column as ranks in the palette's order. */
export function ranks(axis: Axis, by: string): Ranks {
  const column = axis.texts.get(by);
  if (!column) return { ranks: new Uint16Array(axis.size), labels: [""] };
  const { codes, labels: all } = column;
  const occurs = new Set<string>();
  for (const code of new Set<number>(codes)) occurs.add(all[code] ?? "");
  const labels = typeOrder(occurs);
  const rankOfCode = all.map((label) => labels.indexOf(label));
  const unknown = labels.indexOf("");
  return { labels, ranks: Uint16Array.from(codes, (code) => rankOfCode[code] ?? unknown) };
}

// sort() is stable: cells with equal keys keep the order of the data.
function ascending(keys: ArrayLike<number>): Order {
  return dataOrder(keys.length).sort((a, b) => {
    const [x, y] = [keys[a] as number, keys[b] as number];
    return x < y ? -1 : x > y ? 1 : 0;
  });
}
