// The explorer's arithmetic alone, for tests that compare it with scipy.

import { orderBy, type Side } from "../../src/matrix-explorer/data/cell-order";
import { type Value, valueAt } from "../../src/matrix-explorer/data/connection-values";
import { sumsOf } from "../../src/matrix-explorer/data/margin-sums";
import { readMatrix } from "../../src/matrix-explorer/data/matrix-data";
import { byColumn, entryAt, layOut } from "../../src/matrix-explorer/data/ordered-matrix";
import { summarise } from "../../src/matrix-explorer/data/type-summary";

export interface Probe {
  rows: number[];
  columns: number[];
  value: Value;
  orders: Record<Side, string>;
}

/** The explorer's results for entries of the matrix in an order; null where not connected. */
export async function ask(block: DataView, { rows, columns, value, orders }: Probe) {
  const data = await readMatrix(block);
  const [rowAt, columnAt] = [orderBy(data, "pre", orders.pre), orderBy(data, "post", orders.post)];
  if (!rowAt || !columnAt) throw new Error("The order is not one of the data's.");
  const layout = layOut(data, byColumn(data), rowAt, columnAt);
  const sums = sumsOf(data, value);
  const { pairsPossible, pairsConnected, nSynapses, sizeSum, ...labels } = summarise(
    data,
    "cell_type_auto",
  );
  return {
    values: rows.map((row, k) => {
      const entry = entryAt(layout, row, columns[k] as number);
      return entry < 0 ? null : valueAt(data, value, entry);
    }),
    rowSums: rows.map((row) => sums.rows[rowAt[row] as number]),
    columnSums: columns.map((column) => sums.columns[columnAt[column] as number]),
    types: [pairsPossible, pairsConnected, nSynapses, sizeSum].map((counts) => [...counts]),
    ...labels,
  };
}
