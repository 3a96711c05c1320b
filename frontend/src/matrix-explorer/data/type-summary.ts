// Connections by the types of both cells, with the same numbers as Python's type_summary.py.

import type { TYPE_VALUES } from "../../shared/contract";
import { ranks } from "./cell-order";
import type { MatrixData } from "./matrix-data";

export type TypeValue = (typeof TYPE_VALUES)[number];

export const TYPE_TITLES: Record<TypeValue, string> = {
  probability: "connection probability",
  mean_synapses: "synapses per connected pair",
  mean_size: "mean synapse size (voxels)",
  ratio: "connected pairs, times chance",
};

/** Counts of each type pair, row by row: its index is preType * postLabels.length + postType. */
export interface TypeSummary {
  preLabels: readonly string[];
  postLabels: readonly string[];
  /** Pairs of two different cells. */
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
  for (let typePair = 0; typePair < n; typePair++) {
    const type = Math.floor(typePair / width);
    pairsPossible[typePair] = (nPre[type] as number) * (nPost[typePair - type * width] as number);
  }
  for (let row = 0; row < data.rows.size; row++) {
    const own = data.columns.ids.rowOf(data.rows.ids.at(row));
    const rowStart = (pre.ranks[row] as number) * width;
    if (own >= 0) add(pairsPossible, rowStart + (post.ranks[own] as number), -1);
    const end = data.begin[row + 1] as number;
    for (let entry = data.begin[row] as number; entry < end; entry++) {
      const column = data.places[entry] as number;
      if (column === own) continue;
      const typePair = rowStart + (post.ranks[column] as number);
      add(pairsConnected, typePair, 1);
      add(nSynapses, typePair, data.count[entry] as number);
      add(sizeSum, typePair, data.total[entry] as number);
    }
  }
  const { labels: preLabels } = pre;
  const { labels: postLabels } = post;
  return { preLabels, postLabels, pairsPossible, pairsConnected, nSynapses, sizeSum };
}

/** The value of a type pair; NaN if no pair is possible, or none is connected. */
export function typeValue(
  summary: TypeSummary,
  value: Exclude<TypeValue, "ratio">,
  typePair: number,
): number {
  const at = (numbers: Float64Array) => numbers[typePair] as number;
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
