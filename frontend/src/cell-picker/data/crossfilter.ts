// Several filters over one table, and counts that leave out one of them: a facet shows what
// each of its labels would give under all other filters.
import type { Table } from "../../shared/columns";
import { type Filters, type Keep, keep } from "./filters";

// One bit a filter in a 32-bit word.
const MOST = 32;

export class Crossfilter {
  readonly #table: Table;
  // Which filters leave a row out, one bit each; 0 is a row that is shown.
  readonly #failed: Uint32Array;
  readonly #bits = new Map<string, number>();
  #filters: Filters = {};

  constructor(table: Table) {
    this.#table = table;
    this.#failed = new Uint32Array(table.rows);
  }

  get filters(): Filters {
    return this.#filters;
  }

  /** Sets all filters; only those that have changed are evaluated. */
  set filters(filters: Filters) {
    for (const key of new Set([...Object.keys(this.#filters), ...Object.keys(filters)])) {
      const filter = filters[key];
      if (JSON.stringify(filter) === JSON.stringify(this.#filters[key])) continue;
      if (filter === undefined) this.#forget(key);
      else this.#mark(this.#bit(key), keep(this.#table, key, filter));
    }
    this.#filters = filters;
  }

  /** Whether all filters keep a row. */
  shows(row: number): boolean {
    return this.#failed[row] === 0;
  }

  /** The rows that all filters keep, in a given order of all rows. */
  shown(order: Uint32Array): Uint32Array {
    const rows = new Uint32Array(order.length);
    let n = 0;
    for (const row of order) {
      if (this.#failed[row] === 0) rows[n++] = row;
    }
    return rows.slice(0, n);
  }

  /** How often each code occurs among the rows that all filters but `key` keep. */
  counts(codes: ArrayLike<number>, n: number, key: string): Uint32Array {
    const counts = new Uint32Array(n);
    const bit = this.#bits.get(key);
    const others = bit === undefined ? ~0 : ~(1 << bit);
    const failed = this.#failed;
    for (let row = 0; row < failed.length; row++) {
      if (((failed[row] ?? 0) & others) !== 0) continue;
      const code = codes[row] ?? -1;
      if (code >= 0 && code < n) counts[code] = (counts[code] ?? 0) + 1;
    }
    return counts;
  }

  #bit(key: string): number {
    let bit = this.#bits.get(key);
    if (bit === undefined) {
      const taken = new Set(this.#bits.values());
      bit = 0;
      while (taken.has(bit)) bit++;
      if (bit >= MOST) throw new Error(`More than ${MOST} filters at once.`);
      this.#bits.set(key, bit);
    }
    return bit;
  }

  #forget(key: string): void {
    this.#mark(this.#bit(key), () => true);
    this.#bits.delete(key);
  }

  #mark(bit: number, stays: Keep): void {
    const failed = this.#failed;
    const set = 1 << bit;
    for (let row = 0; row < failed.length; row++) {
      const before = failed[row] ?? 0;
      failed[row] = stays(row) ? before & ~set : before | set;
    }
  }
}
