// The state of a picker: the model's traits, the rows that follow from them, and the history for
// undo and redo.
import type { AnyModel } from "@anywidget/types";
import { getColumn, type IdColumn, type Table } from "../shared/columns";
import { LARGEST_SELECTION } from "../shared/contract";
import type { Layer } from "../shared/layers";
import type { OutLink } from "../shared/out-link";
import type { RootId } from "../shared/root-ids";
import { watchTraits } from "../shared/traits";
import { Crossfilter } from "./data/crossfilter";
import { type Filter, type Filters, withFilter } from "./data/filters";
import { type Direction, proofreadFirst, sorted } from "./data/row-order";

/** Synced traits; cell_picker.py describes them. */
export interface State extends Record<string, unknown> {
  value: RootId | null;
  selected: RootId[];
  filters: Filters;
  layers: Layer[];
  left_out: string[];
  /** Links from a cell, with `$id` and `$at` for its root id and its position in voxels; empty if
   * the data are not from MICrONS. */
  links?: { links?: OutLink[]; at?: Record<RootId, number[]> };
  data: DataView | null;
  /** Only on a page without a kernel: the cells that it can show in full. */
  saved?: RootId[];
}

export interface Choice {
  value: RootId | null;
  selected: readonly RootId[];
  filters: Filters;
}

/** What has changed: "rows" after filtering or sorting, "choice" for value and selection. */
export type Change = "rows" | "choice";
type Listener = (change: Change) => void;

const KEYS = ["value", "selected", "filters"] as const;
const LONGEST_HISTORY = 100;
// Typing is not sent to Python character by character.
const SEND_AFTER_MS = 300;
const CONTINUOUS_MS = 1000;

export class Store {
  readonly table: Table;
  readonly ids: IdColumn;
  readonly crossfilter: Crossfilter;
  /** The rows that are shown, in the order on the screen. */
  rows: Uint32Array;
  sort: { column: string; direction: Direction } | null = null;
  readonly #model: AnyModel<State>;
  readonly #listeners = new Set<Listener>();
  readonly #orders = new Map<string, Uint32Array>();
  readonly #history: Choice[] = [];
  readonly #undone: Choice[] = [];
  readonly #natural: Uint32Array;
  #choice: Choice;
  #valueRow = -1;
  #selectedRows = new Set<number>();
  #savedRows: ReadonlySet<number> | undefined;
  #continuousKey = "";
  #continuousUntil = 0;
  // Changes made here that are not sent yet: newer than the model's values.
  readonly #unsent = new Set<keyof Choice>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(model: AnyModel<State>, table: Table, signal: AbortSignal) {
    this.#model = model;
    this.table = table;
    this.ids = getColumn(table, "pt_root_id", "ids");
    this.crossfilter = new Crossfilter(table);
    this.#natural = proofreadFirst(table);
    this.rows = this.#natural;
    this.#choice = { value: null, selected: [], filters: {} };
    this.#apply(this.#traits());
    watchTraits(model, KEYS, this.#receive, signal);
    // Python sends the position of a cell once it is chosen.
    watchTraits(model, ["links"], () => this.#notify("choice"), signal);
    signal.addEventListener("abort", () => {
      // What is still unsent is newer than what Python has.
      if (this.#unsent.size) this.#send();
    });
  }

  get layers(): readonly Layer[] {
    return this.#model.get("layers") ?? [];
  }

  /** One line for each column of the cell table that is not shown. */
  get leftOut(): readonly string[] {
    return this.#model.get("left_out") ?? [];
  }

  /** Links from the chosen cell to other sites. */
  get outLinks(): OutLink[] {
    const { value } = this.#choice;
    const { links = [], at = {} } = this.#model.get("links") ?? {};
    const place = value && at[value];
    if (!place) return [];
    const fill = (text: string) => text.replace("$id", value).replace("$at", place.join());
    return links.map((link) => link.map(fill) as OutLink);
  }

  /** The cells that a page without a kernel can show in full; null if it can show all. */
  get saved(): readonly RootId[] | null {
    return this.#model.get("saved") ?? null;
  }

  /** Whether the page can show a row's cell in full. */
  isSaved(row: number): boolean {
    this.#savedRows ??= new Set(this.saved?.map(this.ids.rowOf));
    return !this.saved || this.#savedRows.has(row);
  }

  on(listener: Listener): void {
    this.#listeners.add(listener);
  }

  get choice(): Choice {
    return this.#choice;
  }

  /** The row of the chosen cell; -1 if there is none. */
  get valueRow(): number {
    return this.#valueRow;
  }

  get selectedRows(): ReadonlySet<number> {
    return this.#selectedRows;
  }

  get canUndo(): boolean {
    return this.#history.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** The text that is searched for; "" for none. */
  get search(): string {
    return (this.#choice.filters.search ?? "") as string;
  }

  /** The filter without which most cells would be shown, and their number. */
  get strictest(): { key: string; rows: number } | null {
    const counts = Object.keys(this.#choice.filters).map((key) => ({
      key,
      rows: this.crossfilter.without(key),
    }));
    return counts.sort((a, b) => b.rows - a.rows)[0] ?? null;
  }

  /** Whether a row is a cell: a nucleus without a segment has root id 0 and cannot be chosen. */
  isCell(row: number): boolean {
    return this.ids.at(row) !== "0";
  }

  /** Sets one filter; null removes it. Continuous changes, such as typing, are one undo step. */
  filter(key: string, filter: Filter | null, continuous = false): void {
    this.#change({ filters: withFilter(this.#choice.filters, key, filter) }, continuous ? key : "");
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
    return this.selectRows(rows, this.#choice.selected);
  }

  /** Selects rows, and the ids of `others`; false if there would be too many. */
  selectRows(rows: Iterable<number>, others: readonly RootId[] = []): boolean {
    const ids = new Set(others);
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

  /** Lists these cells and no others: every other filter goes, in one step. */
  listOnly(ids: readonly RootId[]): void {
    this.#change({ filters: { pt_root_id: ids } });
  }

  clearFilters(): void {
    this.#change({ filters: {} });
  }

  /** Undoes the last change, whether it was made here or in Python. */
  undo(): void {
    this.#goTo(this.#history.pop(), this.#undone);
  }

  /** Makes the last change that was undone again. */
  redo(): void {
    this.#goTo(this.#undone.pop(), this.#history);
  }

  #goTo(choice: Choice | undefined, way: Choice[]): void {
    if (!choice) return;
    way.push(this.#choice);
    this.#continuousKey = "";
    this.#commit(choice);
  }

  sortBy(column: string, direction: Direction | null): void {
    this.sort = direction && { column, direction };
    this.rows = this.crossfilter.rowsIn(this.#order());
    this.#notify("rows");
  }

  #order(): Uint32Array {
    if (!this.sort) return this.#natural;
    const { column, direction } = this.sort;
    const key = `${direction} ${column}`;
    const match = this.table.columns.get(column);
    if (!match) return this.#natural;
    const order = this.#orders.get(key) ?? sorted(match, this.table.rows, direction);
    this.#orders.set(key, order);
    return order;
  }

  #change(part: Partial<Choice>, continuous = ""): void {
    const next = { ...this.#choice, ...part };
    if (same(next, this.#choice)) return;
    const now = performance.now();
    const continues =
      continuous !== "" && continuous === this.#continuousKey && now < this.#continuousUntil;
    if (!continues) this.#remember();
    this.#continuousKey = continuous;
    this.#continuousUntil = now + CONTINUOUS_MS;
    this.#commit(next);
  }

  #remember(): void {
    this.#undone.length = 0;
    this.#history.push(this.#choice);
    if (this.#history.length > LONGEST_HISTORY) this.#history.shift();
  }

  #apply(next: Choice): void {
    const before = this.#choice;
    this.#choice = next;
    if (next.value !== before.value)
      this.#valueRow = next.value === null ? -1 : this.ids.rowOf(next.value);
    if (next.selected !== before.selected) {
      this.#selectedRows = new Set(next.selected.map(this.ids.rowOf));
    }
    // What Python sends back is equal but not identical.
    if (!equal(next.filters, before.filters)) {
      this.crossfilter.filters = next.filters;
      this.rows = this.crossfilter.rowsIn(this.#order());
      this.#notify("rows");
    }
    if (next.selected !== before.selected || next.value !== before.value) this.#notify("choice");
  }

  // Applies a change that was made here, and sends it.
  #commit(next: Choice): void {
    for (const key of KEYS) if (next[key] !== this.#choice[key]) this.#unsent.add(key);
    const newValue = next.value !== this.#choice.value;
    this.#apply(next);
    clearTimeout(this.#timer);
    // At once for the chosen cell, which linked widgets show.
    if (newValue) this.#send();
    else this.#timer = setTimeout(this.#send, SEND_AFTER_MS);
  }

  readonly #send = (): void => {
    clearTimeout(this.#timer);
    const { value, selected, filters } = this.#choice;
    if (this.#unsent.has("value")) this.#model.set("value", value);
    if (this.#unsent.has("selected")) this.#model.set("selected", [...selected]);
    if (this.#unsent.has("filters")) this.#model.set("filters", filters);
    // Only now, because the model calls #receive for each of these.
    this.#unsent.clear();
    this.#model.save_changes();
  };

  #traits(): Choice {
    const traits = {
      value: this.#model.get("value"),
      selected: this.#model.get("selected"),
      filters: this.#model.get("filters"),
    };
    const own = [...this.#unsent].map((key) => [key, this.#choice[key]]);
    return { ...traits, ...Object.fromEntries(own) };
  }

  // Python or another view has changed something.
  readonly #receive = (): void => {
    const next = this.#traits();
    if (same(next, this.#choice)) return;
    this.#remember();
    this.#continuousKey = "";
    this.#apply(next);
  };

  #notify(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function same(a: Choice, b: Choice): boolean {
  return a.value === b.value && equal(a.selected, b.selected) && equal(a.filters, b.filters);
}

function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
