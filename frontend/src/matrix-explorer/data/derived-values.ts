// What is computed from the data once and then needed again and again.
import { axisOf, type Ranks, ranks, type Side } from "./cell-order";
import { type Levels, levelsOf, type Value, weightOf } from "./connection-values";
import { type Sums, sumsOf } from "./margin-sums";
import type { MatrixData } from "./matrix-data";

export class DerivedValues {
  readonly #data: MatrixData;
  readonly #levels = new Map<Value, Levels>();
  readonly #sums = new Map<string, Sums>();
  readonly #ranks = new Map<string, Ranks>();
  #square: boolean | undefined;

  constructor(data: MatrixData) {
    this.#data = data;
  }

  levels(value: Value): Levels {
    return cached(this.#levels, value, () => levelsOf(this.#data, value));
  }

  sums(value: Value): Sums {
    return cached(this.#sums, weightOf(value), () => sumsOf(this.#data, value));
  }

  ranks(side: Side, by: string): Ranks {
    return cached(this.#ranks, `${side} ${by}`, () => ranks(axisOf(this.#data, side), by));
  }

  /** Whether rows and columns are the same cells, in whichever order. */
  get isSquare(): boolean {
    this.#square ??= sameCells(this.#data);
    return this.#square;
  }
}

function sameCells({ rows, columns }: MatrixData): boolean {
  if (rows.size !== columns.size) return false;
  for (let row = 0; row < rows.size; row++) {
    if (columns.ids.rowOf(rows.ids.at(row)) < 0) return false;
  }
  return true;
}

function cached<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
