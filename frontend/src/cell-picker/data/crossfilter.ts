// Several filters on one table, and counts that ignore one of them: a facet shows how many cells
// each of its labels would give under all other filters.
import type { Table } from "../../shared/columns";
import { type Filters, type Predicate, predicateOf } from "./filters";

// One bit per filter in a 32-bit word.
const MOST_FILTERS = 32;

export class Crossfilter {
  readonly #table: Table;
  // Which filters exclude a row, one bit each; 0 means that the row is shown.
  readonly #failures: Uint32Array;
  readonly #bits = new Map<string, number>();
  #filters: Filters = {};
  // The rows that pass all filters, once they were asked for: most counts need no others.
  #passing: Uint32Array | undefined;

  constructor(table: Table) {
    this.#table = table;
    this.#failures = new Uint32Array(table.rows);
  }

  get filters(): Filters {
    return this.#filters;
  }

  /** Sets all filters; only changed ones are evaluated. */
  set filters(filters: Filters) {
    for (const key of new Set([...Object.keys(this.#filters), ...Object.keys(filters)])) {
      const filter = filters[key];
      if (JSON.stringify(filter) === JSON.stringify(this.#filters[key])) continue;
      if (filter === undefined) this.#forget(key);
      else this.#mark(this.#bit(key), predicateOf(this.#table, key, filter));
    }
    this.#filters = filters;
  }

  /** Whether a row passes all filters. */
  passes(row: number): boolean {
    return this.#failures[row] === 0;
  }

  /** The rows that pass all filters, sorted by an order of all rows. */
  rowsIn(order: Uint32Array): Uint32Array {
    const rows = new Uint32Array(order.length);
    let n = 0;
    for (const row of order) {
      if (this.#failures[row] === 0) rows[n++] = row;
    }
    this.#passing = rows.slice(0, n);
    return this.#passing;
  }

  /** How often each code occurs among the rows that pass all filters except `key`. */
  counts(codes: ArrayLike<number>, n: number, key: string): Uint32Array {
    const counts = new Uint32Array(n);
    const bit = this.#bits.get(key);
    if (bit === undefined && this.#passing) {
      for (const row of this.#passing) {
        const code = codes[row] ?? -1;
        if (code >= 0 && code < n) counts[code] = (counts[code] ?? 0) + 1;
      }
      return counts;
    }
    const others = bit === undefined ? ~0 : ~(1 << bit);
    const failures = this.#failures;
    for (let row = 0; row < failures.length; row++) {
      if (((failures[row] ?? 0) & others) !== 0) continue;
      const code = codes[row] ?? -1;
      if (code >= 0 && code < n) counts[code] = (counts[code] ?? 0) + 1;
    }
    return counts;
  }

  /** How many rows would pass if one filter were removed. */
  without(key: string): number {
    const bit = this.#bits.get(key);
    const others = bit === undefined ? ~0 : ~(1 << bit);
    let n = 0;
    for (const failure of this.#failures) if ((failure & others) === 0) n++;
    return n;
  }

  #bit(key: string): number {
    let bit = this.#bits.get(key);
    if (bit === undefined) {
      const used = new Set(this.#bits.values());
      bit = 0;
      while (used.has(bit)) bit++;
      if (bit >= MOST_FILTERS)
        throw new Error(`At most ${MOST_FILTERS} filters can be active at once.`);
      this.#bits.set(key, bit);
    }
    return bit;
  }

  #forget(key: string): void {
    this.#mark(this.#bit(key), () => true);
    this.#bits.delete(key);
  }

  #mark(bit: number, keeps: Predicate): void {
    this.#passing = undefined;
    const failures = this.#failures;
    const set = 1 << bit;
    for (let row = 0; row < failures.length; row++) {
      const before = failures[row] ?? 0;
      failures[row] = keeps(row) ? before & ~set : before | set;
    }
  }
}
