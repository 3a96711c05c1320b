// Runs of cells with the same label along an axis, for names and borders.
import type { Order, Ranks } from "./cell-order";

export interface LabelRun {
  label: string;
  first: number;
  end: number;
}

/** Runs along an order; null if a label occurs in two runs: the axis is not sorted by label. */
export function labelRuns({ ranks, labels }: Ranks, order: Order): LabelRun[] | null {
  const runs: LabelRun[] = [];
  const completed = new Set<number>();
  let last = -1;
  for (let place = 0; place < order.length; place++) {
    const rank = ranks[order[place] as number] as number;
    if (rank === last) continue;
    if (completed.has(rank)) return null;
    completed.add(rank);
    const before = runs.at(-1);
    if (before) before.end = place;
    runs.push({ label: labels[rank] ?? "", first: place, end: order.length });
    last = rank;
  }
  return runs;
}
