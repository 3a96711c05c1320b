// Runs of cells with one label along an axis, for names and borders.
import type { Order, Ranks } from "./cell-order";

export interface Group {
  label: string;
  first: number;
  end: number;
}

/** Runs along an order; null where a label comes back, for then the axis is not sorted by it. */
export function groups({ ranks, labels }: Ranks, order: Order): Group[] | null {
  const found: Group[] = [];
  const closed = new Set<number>();
  let last = -1;
  for (let place = 0; place < order.length; place++) {
    const rank = ranks[order[place] as number] as number;
    if (rank === last) continue;
    if (closed.has(rank)) return null;
    closed.add(rank);
    const before = found.at(-1);
    if (before) before.end = place;
    found.push({ label: labels[rank] ?? "", first: place, end: order.length });
    last = rank;
  }
  return found;
}
