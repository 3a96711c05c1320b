// What a picker shows and what is chosen in it: the model's traits, the rows that follow from
// them, and the way back.
import type { AnyModel } from "@anywidget/types";
import { getColumn, type IdColumn, type Table } from "../shared/columns";
import type { RootId } from "../shared/root-ids";
import { watchTraits } from "../shared/traits";
import { Crossfilter } from "./data/crossfilter";
import { changed, type Filter, type Filters } from "./data/filters";
import { type Direction, sorted, tableOrder } from "./data/row-order";
import type { Layer } from "./render/layer-painter";

/** Synced traits; cell_picker.py describes them. */
export interface State extends Record<string, unknown> {
  value: RootId | null;
  selected: RootId[];
  filters: Filters;
  layers: Layer[];
  data: DataView | null;
}

export interface Choice {
  value: RootId | null;
  selected: readonly RootId[];
  filters: Filters;
}

/** What has changed: rows for filters and order, choice for value and selection. */
export type Change = "rows" | "choice";
type Listener = (change: Change) => void;

const KEYS = ["value", "selected", "filters"] as const;
/** As in cell_picker.py. */
export const LARGEST_SELECTION = 20_000;
const LONGEST_HISTORY = 100;
// Typing is not sent to Python letter by letter.
const SEND_AFTER_MS = 300;
const FLOWS_FOR_MS = 1000;

export class Store {
  readonly table: Table;
  readonly ids: IdColumn;
  readonly crossfilter: Crossfilter;
  /** The rows that are shown, in the order of the table on the screen. */
  rows: Uint32Array;
  sort: { column: string; direction: Direction } | null = null;
  readonly #model: AnyModel<State>;
  readonly #listeners = new Set<Listener>();
  readonly #orders = new Map<string, Uint32Array>();
  readonly #history: Choice[] = [];
  readonly #natural: Uint32Array;
  #choice: Choice;
  #selectedRows = new Set<number>();
  #flowing = "";
  #flowsUntil = 0;
  // What was changed here and has not been sent yet: newer than what the model says.
  readonly #unsent = new Set<keyof Choice>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(model: AnyModel<State>, table: Table, signal: AbortSignal) {
    this.#model = model;
    this.table = table;
    this.ids = getColumn(table, "pt_root_id", "ids");
    this.crossfilter = new Crossfilter(table);
    this.#natural = tableOrder(table.rows);
    this.rows = this.#natural;
    this.#choice = { value: null, selected: [], filters: {} };
    this.#take(this.#said());
    watchTraits(model, KEYS, this.#hear, signal);
    signal.addEventListener("abort", () => {
      // What is still unsent is newer than what Python has.
      if (this.#unsent.size) this.#send();
    });
  }

  get layers(): readonly Layer[] {
    return this.#model.get("layers") ?? [];
  }

  on(listener: Listener): void {
    this.#listeners.add(listener);
  }

  get choice(): Choice {
    return this.#choice;
  }

  /** The row of the chosen cell, -1 for none. */
  get valueRow(): number {
    return this.#choice.value === null ? -1 : this.ids.rowOf(this.#choice.value);
  }

  get selectedRows(): ReadonlySet<number> {
    return this.#selectedRows;
  }

  get canUndo(): boolean {
    return this.#history.length > 0;
  }

  /** Whether a row is a cell; a nucleus without a segment has root id 0 and cannot be chosen. */
  isCell(row: number): boolean {
    return this.ids.at(row) !== "0";
  }

  /** Sets one filter, null for none. Changes of one key that flow, as letters do, are one step. */
  filter(key: string, filter: Filter | null, flowing = false): void {
    this.#change({ filters: changed(this.#choice.filters, key, filter) }, flowing ? key : "");
  }

  choose(row: number): void {
    if (this.isCell(row)) this.#change({ value: this.ids.at(row) });
  }

  toggle(row: number): void {
    const id = this.ids.at(row);
    const { selected } = this.#choice;
    if (!this.isCell(row)) return;
    this.select(
      this.#selectedRows.has(row) ? selected.filter((other) => other !== id) : [...selected, id],
    );
  }

  /** Adds rows to the selection; false if there would be too many. */
  add(rows: Iterable<number>): boolean {
    const ids = new Set(this.#choice.selected);
    for (const row of rows) {
      if (this.isCell(row)) ids.add(this.ids.at(row));
      if (ids.size > LARGEST_SELECTION) return false;
    }
    this.select([...ids]);
    return true;
  }

  select(selected: readonly RootId[]): void {
    this.#change({ selected });
  }

  clear(): void {
    this.#change({ value: null, selected: [], filters: {} });
  }

  /** Takes back the last change, whoever made it. */
  undo(): void {
    const last = this.#history.pop();
    if (!last) return;
    this.#flowing = "";
    this.#act(last);
  }

  sortBy(column: string, direction: Direction | null): void {
    this.sort = direction && { column, direction };
    this.rows = this.crossfilter.shown(this.#order());
    this.#call("rows");
  }

  #order(): Uint32Array {
    if (!this.sort) return this.#natural;
    const { column, direction } = this.sort;
    const key = `${direction} ${column}`;
    const found = this.table.columns.get(column);
    if (!found) return this.#natural;
    const order = this.#orders.get(key) ?? sorted(found, this.table.rows, direction);
    this.#orders.set(key, order);
    return order;
  }

  #change(part: Partial<Choice>, flowing = ""): void {
    const next = { ...this.#choice, ...part };
    if (same(next, this.#choice)) return;
    const now = performance.now();
    const flows = flowing !== "" && flowing === this.#flowing && now < this.#flowsUntil;
    if (!flows) this.#remember();
    this.#flowing = flowing;
    this.#flowsUntil = now + FLOWS_FOR_MS;
    this.#act(next);
  }

  #remember(): void {
    this.#history.push(this.#choice);
    if (this.#history.length > LONGEST_HISTORY) this.#history.shift();
  }

  #take(next: Choice): void {
    const before = this.#choice;
    this.#choice = next;
    if (next.selected !== before.selected) {
      this.#selectedRows = new Set(next.selected.map(this.ids.rowOf));
    }
    if (next.filters !== before.filters) {
      this.crossfilter.filters = next.filters;
      this.rows = this.crossfilter.shown(this.#order());
      this.#call("rows");
    }
    if (next.selected !== before.selected || next.value !== before.value) this.#call("choice");
  }

  // A change that was made here, and is to be sent.
  #act(next: Choice): void {
    for (const key of KEYS) if (next[key] !== this.#choice[key]) this.#unsent.add(key);
    const chosen = next.value !== this.#choice.value;
    this.#take(next);
    clearTimeout(this.#timer);
    // Linked widgets show the chosen cell at once.
    if (chosen) this.#send();
    else this.#timer = setTimeout(this.#send, SEND_AFTER_MS);
  }

  readonly #send = (): void => {
    clearTimeout(this.#timer);
    const { value, selected, filters } = this.#choice;
    if (this.#unsent.has("value")) this.#model.set("value", value);
    if (this.#unsent.has("selected")) this.#model.set("selected", [...selected]);
    if (this.#unsent.has("filters")) this.#model.set("filters", filters);
    // Only now: the model calls #hear at each of these.
    this.#unsent.clear();
    this.#model.save_changes();
  };

  #said(): Choice {
    const said = {
      value: this.#model.get("value"),
      selected: this.#model.get("selected"),
      filters: this.#model.get("filters"),
    };
    const own = [...this.#unsent].map((key) => [key, this.#choice[key]]);
    return { ...said, ...Object.fromEntries(own) };
  }

  // Python or another view has changed something.
  readonly #hear = (): void => {
    const next = this.#said();
    if (same(next, this.#choice)) return;
    this.#remember();
    this.#flowing = "";
    this.#take(next);
  };

  #call(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function same(a: Choice, b: Choice): boolean {
  return (
    a.value === b.value &&
    (a.selected === b.selected || JSON.stringify(a.selected) === JSON.stringify(b.selected)) &&
    (a.filters === b.filters || JSON.stringify(a.filters) === JSON.stringify(b.filters))
  );
}
