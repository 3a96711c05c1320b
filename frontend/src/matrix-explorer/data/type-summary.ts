// Connections by the types of both cells: the same numbers as Python's type_summary.py.

import { ranks } from "./cell-order";
import type { MatrixData } from "./matrix-data";

export type TypeValue = "probability" | "mean_synapses" | "mean_size";

export const TYPE_VALUES: Record<TypeValue, string> = {
  probability: "probability of connection",
  mean_synapses: "synapses per connected pair",
  mean_size: "mean synapse size (voxels)",
};

/** Counts of each pair of types, row by row: `field = preType * postLabels.length + postType`. */
export interface TypeSummary {
  preLabels: readonly string[];
  postLabels: readonly string[];
  /** Pairs of two cells; a cell and itself are none. */
  pairsPossible: Float64Array;
  pairsConnected: Float64Array;
  nSynapses: Float64Array;
  sizeSum: Float64Array;
}

export function summarise(data: MatrixData, by: string): TypeSummary {
  const pre = ranks(data.rows, by);
  const post = ranks(data.columns, by);
  const width = post.labels.length;
  const n = pre.labels.length * width;
  const [pairsPossible, pairsConnected, nSynapses, sizeSum] = [
    new Float64Array(n),
    new Float64Array(n),
    new Float64Array(n),
    new Float64Array(n),
  ];
  const [nPre, nPost] = [frequencies(pre.ranks, pre.labels), frequencies(post.ranks, post.labels)];
  for (let field = 0; field < n; field++) {
    const type = Math.floor(field / width);
    pairsPossible[field] = (nPre[type] as number) * (nPost[field - type * width] as number);
  }
  for (let row = 0; row < data.rows.size; row++) {
    const own = data.columns.ids.rowOf(data.rows.ids.at(row));
    const line = (pre.ranks[row] as number) * width;
    if (own >= 0) add(pairsPossible, line + (post.ranks[own] as number), -1);
    const end = data.begin[row + 1] as number;
    for (let entry = data.begin[row] as number; entry < end; entry++) {
      const column = data.places[entry] as number;
      if (column === own) continue;
      const field = line + (post.ranks[column] as number);
      add(pairsConnected, field, 1);
      add(nSynapses, field, data.count[entry] as number);
      add(sizeSum, field, data.total[entry] as number);
    }
  }
  const { labels: preLabels } = pre;
  const { labels: postLabels } = post;
  return { preLabels, postLabels, pairsPossible, pairsConnected, nSynapses, sizeSum };
}

/** The value of a field; NaN where no pair is possible, or none connected. */
export function typeValue(summary: TypeSummary, value: TypeValue, field: number): number {
  const at = (numbers: Float64Array) => numbers[field] as number;
  switch (value) {
    case "probability":
      return at(summary.pairsConnected) / (at(summary.pairsPossible) || Number.NaN);
    case "mean_synapses":
      return at(summary.nSynapses) / (at(summary.pairsConnected) || Number.NaN);
    case "mean_size":
      return at(summary.sizeSum) / (at(summary.nSynapses) || Number.NaN);
  }
}

function frequencies(codes: Uint16Array, labels: readonly string[]): Float64Array {
  const n = new Float64Array(labels.length);
  for (const code of codes) add(n, code, 1);
  return n;
}

function add(numbers: Float64Array, at: number, what: number): void {
  numbers[at] = (numbers[at] as number) + what;
}
