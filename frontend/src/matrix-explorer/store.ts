// The state of an explorer: the model's traits, and what is derived from them.
import type { AnyModel } from "@anywidget/types";
import { NO_SIZES } from "../shared/contract";
import type { RootId } from "../shared/root-ids";
import type { Theme } from "../shared/theme";
import { watchTraits } from "../shared/traits";
import { axisOf, dataOrder, type Order, type Ranks, type Side } from "./data/cell-order";
import type { Levels } from "./data/connection-values";
import { DerivedValues } from "./data/derived-values";
import { labelRuns } from "./data/label-runs";
import type { Sums } from "./data/margin-sums";
import type { MatrixData } from "./data/matrix-data";
import { OrderSource } from "./data/order-source";
import {
  type ByColumn,
  byColumn,
  entryAt,
  inLayout,
  type Layout,
  layOut,
} from "./data/ordered-matrix";
import {
  fromView,
  includingEntry,
  isWhole,
  toView,
  type Window,
  whole,
} from "./data/visible-window";
import { type Change, nameOf, type State, TRAITS } from "./state";

/** An entry of the matrix as shown: its row and column on the screen. */
export interface Place {
  row: number;
  column: number;
}

/** A row or column as shown. */
export interface Header {
  side: Side;
  place: number;
}

type Listener = (change: Change) => void;

interface SelectionCache {
  layout: Layout;
  ids: readonly RootId[];
  places: readonly number[];
}

// While the view moves, Python is notified only once it pauses.
const SEND_AFTER_MS = 200;

export class Store {
  readonly data: MatrixData;
  readonly derived: DerivedValues;
  readonly model: AnyModel<State>;
  window: Window;
  /** A message on the screen, such as why an order is not available. */
  status = "";
  theme: Theme = "light";
  /** Cells that the pointer is on in a linked widget: one, or a presynaptic and a postsynaptic one. */
  lit: readonly RootId[] = [];
  readonly #transposed: ByColumn;
  readonly #listeners = new Set<Listener>();
  readonly #orders: OrderSource;
  readonly #selectionCache: Partial<Record<Side, SelectionCache>> = {};
  #layout: Layout | undefined;
  // Row and column of the data, not as shown.
  #cross: Place | null = null;
  #header: { side: Side; cell: number } | null = null;
  #stepCache: { levels: Levels; layout: Layout; steps: Uint8Array } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a change of a trait is this view's own. */
  #setting = false;

  /** Whether synapses have sizes; those of some datasets have none. */
  get hasSizes(): boolean {
    return !String(this.get("source") ?? "").includes(NO_SIZES);
  }

  constructor(model: AnyModel<State>, data: MatrixData, signal: AbortSignal) {
    this.model = model;
    this.data = data;
    this.derived = new DerivedValues(data);
    this.#orders = new OrderSource(model, data, signal);
    this.#transposed = byColumn(data);
    const { nRows, nColumns } = this.layout;
    this.window = fromView(this.get("view"), nRows, nColumns);
    for (const [name, change] of Object.entries(TRAITS) as [string, Change][]) {
      watchTraits(model, [name], () => this.#receive(name, change), signal);
    }
    signal.addEventListener("abort", () => {
      if (this.#timer !== undefined) this.#sendView();
    });
  }

  on(listener: Listener): void {
    this.#listeners.add(listener);
  }

  get<K extends keyof State & string>(name: K): State[K] {
    return this.model.get(name);
  }

  set(state: Partial<State>): void {
    // Bringing a pair into view sets the view, too.
    const before = this.#setting;
    this.#setting = true;
    try {
      for (const [name, value] of Object.entries(state)) this.model.set(name, value);
    } finally {
      this.#setting = before;
    }
    this.model.save_changes();
  }

  /** Computed on demand, because both axes may get a new order at once. */
  get layout(): Layout {
    this.#layout ??= layOut(
      this.data,
      this.#transposed,
      this.#orderOf("pre"),
      this.#orderOf("post"),
    );
    return this.#layout;
  }

  /** The cross-hair on the screen; it stays with its cells when their order changes. */
  get cross(): Place | null {
    const { placeOfRow, placeOfColumn } = this.layout;
    if (!this.#cross) return null;
    const { row, column } = this.#cross;
    return { row: placeOfRow[row] as number, column: placeOfColumn[column] as number };
  }

  /** The row or column that the pointer is on beside the matrix. */
  get header(): Header | null {
    if (!this.#header) return null;
    const { side, cell } = this.#header;
    const { placeOfRow, placeOfColumn } = this.layout;
    return { side, place: (side === "pre" ? placeOfRow : placeOfColumn)[cell] as number };
  }

  /** The cells that the pointer or the cross-hair is on. */
  get hovered(): RootId[] {
    const { cross, header } = this;
    if (cross) return [this.idOf("pre", cross.row), this.idOf("post", cross.column)];
    return header ? [this.idOf(header.side, header.place)] : [];
  }

  get levels(): Levels {
    return this.derived.levels(this.get("value"));
  }

  /** Colour steps of all connections, in the order of the layout. */
  get steps(): Uint8Array {
    const { levels, layout } = this;
    if (this.#stepCache?.levels !== levels || this.#stepCache.layout !== layout) {
      this.#stepCache = { levels, layout, steps: inLayout(layout, levels.steps) };
    }
    return this.#stepCache.steps;
  }

  get sums(): Sums {
    return this.derived.sums(this.get("value"));
  }

  ranks(side: Side, by = this.get("by")): Ranks {
    return this.derived.ranks(side, by);
  }

  get isWhole(): boolean {
    return isWhole(this.window, this.layout.nRows, this.layout.nColumns);
  }

  /** Rows and columns in view, as start and one past the end. */
  get visible(): { rows: [number, number]; columns: [number, number] } {
    const { nRows, nColumns } = this.layout;
    const view = toView(this.window, nRows, nColumns);
    return { rows: view.rows ?? [0, nRows], columns: view.columns ?? [0, nColumns] };
  }

  look(window: Window): void {
    this.window = window;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sendView(), SEND_AFTER_MS);
    this.#notify("window");
  }

  lookAtAll(): void {
    this.look(whole(this.layout.nRows, this.layout.nColumns));
  }

  /** Moves the cross-hair; with `follow`, the window moves along if necessary. */
  point(place: Place | null, follow = false): void {
    const before = this.cross;
    if (!this.#header && place?.row === before?.row && place?.column === before?.column) return;
    this.#header = null;
    const { rowAt, columnAt, nRows, nColumns } = this.layout;
    this.#cross = place && {
      row: rowAt[place.row] as number,
      column: columnAt[place.column] as number,
    };
    if (place && follow) {
      const window = includingEntry(this.window, place.row, place.column, nRows, nColumns);
      if (window !== this.window) this.look(window);
    }
    this.#notify("cross");
  }

  /** Points at a row or column instead of an entry. */
  pointHeader(header: Header | null): void {
    if (!header) {
      this.point(null);
      return;
    }
    const cell = this.cellAt(header.side, header.place);
    if (this.#header?.side === header.side && this.#header.cell === cell) return;
    this.#cross = null;
    this.#header = { side: header.side, cell };
    this.#notify("cross");
  }

  light(ids: readonly RootId[]): void {
    this.lit = ids;
    this.#notify("cross");
  }

  choose({ row, column }: Place): void {
    this.set({ pair: [this.idOf("pre", row), this.idOf("post", column)], outside: null });
  }

  /** Closes the pair; its first cell stays chosen, here and in linked widgets. */
  closePair(): void {
    const pair = this.get("pair");
    if (pair) this.set({ cell: pair[0], outside: null, pair: null });
  }

  /** Selects the cells of ranges of rows and columns as shown; null selects none. */
  select(rows: readonly [number, number] | null, columns: readonly [number, number] | null): void {
    const ids = (side: Side, range: readonly [number, number] | null) =>
      range
        ? Array.from({ length: range[1] - range[0] }, (_, k) => this.idOf(side, range[0] + k))
        : [];
    this.set({
      selected_pre: ids("pre", rows),
      selected_post: ids("post", columns),
      selected_outside: 0,
    });
  }

  /** The root id of a row or column as shown. */
  idOf(side: Side, place: number): RootId {
    return axisOf(this.data, side).ids.at(this.cellAt(side, place));
  }

  /** Index in the data of the cell of a row or column as shown. */
  cellAt(side: Side, place: number): number {
    return (side === "pre" ? this.layout.rowAt : this.layout.columnAt)[place] as number;
  }

  /** Label of the cell of a row or column as shown, in the column by which cells are grouped. */
  labelAt(side: Side, place: number): string {
    const { ranks, labels } = this.ranks(side);
    return labels[ranks[this.cellAt(side, place)] as number] ?? "";
  }

  /** Row or column of a cell as shown; -1 if it is not on the axis. */
  placeOf(side: Side, id: RootId): number {
    const places = side === "pre" ? this.layout.placeOfRow : this.layout.placeOfColumn;
    return places[axisOf(this.data, side).ids.rowOf(id)] ?? -1;
  }

  /** Rows or columns of the selected cells as shown, ascending. */
  selectedPlaces(side: Side): readonly number[] {
    const { layout } = this;
    const ids = this.get(`selected_${side}`);
    const before = this.#selectionCache[side];
    // Cached, because every movement of the cross-hair needs them.
    if (before?.layout === layout && before.ids === ids) return before.places;
    const places = ids.map((id) => this.placeOf(side, id)).filter((place) => place >= 0);
    places.sort((a, b) => a - b);
    this.#selectionCache[side] = { layout, ids, places };
    return places;
  }

  /** Whether a cell is on an axis; `""` stands for either. */
  has(side: Side | "", id: RootId): boolean {
    const sides: Side[] = side ? [side] : ["pre", "post"];
    return sides.some((axis) => axisOf(this.data, axis).ids.rowOf(id) >= 0);
  }

  /** Index of a connection in the data; -1 if the pair is not connected. */
  entryAt({ row, column }: Place): number {
    return entryAt(this.layout, row, column);
  }

  /** Orders an axis, with Python's help if necessary; after a failure the status says why. */
  async order(side: Side, by: string): Promise<void> {
    if (this.#orders.get(side, by) || (await this.#fetchOrder(side, by))) {
      this.set(side === "pre" ? { order_pre: by } : { order_post: by });
    }
  }

  /** Shows the cells of two types: orders both axes by type and zooms to that block. */
  lookAtTypes(preLabel: string, postLabel: string): void {
    const by = this.get("by");
    const show = this.get("show") === "type_table" ? "connection_table" : "cells";
    this.set({ order_pre: by, order_post: by, show });
    const find = (side: Side, order: Order, label: string) =>
      labelRuns(this.ranks(side), order)?.find((group) => group.label === label);
    const rows = find("pre", this.layout.rowAt, preLabel);
    const columns = find("post", this.layout.columnAt, postLabel);
    if (!rows || !columns) return;
    this.look({ top: rows.first, bottom: rows.end, left: columns.first, right: columns.end });
  }

  setStatus(status: string): void {
    this.status = status;
    this.#notify("status");
  }

  async #fetchOrder(side: Side, by: string): Promise<boolean> {
    this.setStatus(`Python is sorting the cells by ${nameOf(by, side)} …`);
    try {
      await this.#orders.fetch(side, by);
    } catch (error) {
      this.setStatus((error as Error).message);
      return false;
    }
    this.setStatus("");
    return true;
  }

  #orderOf(side: Side): Order {
    const by = this.get(`order_${side}`);
    const order = this.#orders.get(side, by);
    if (order) return order;
    // Python or a saved notebook has set an order that is not available here yet.
    void this.#fetchOrder(side, by).then((available) => available && this.#arrange());
    return dataOrder(axisOf(this.data, side).size);
  }

  #arrange(): void {
    this.#layout = undefined;
    this.#notify("picture");
  }

  #receive(name: string, change: Change): void {
    if (/^(order|own)_/.test(name)) {
      this.#arrange();
      return;
    }
    if (name === "view") {
      const [view, { nRows, nColumns }] = [this.get("view"), this.layout];
      // Ignored if this view has changed meanwhile, or has sent this value itself.
      const unchanged =
        JSON.stringify(toView(this.window, nRows, nColumns)) === JSON.stringify(view);
      if (this.#timer !== undefined || unchanged) return;
      this.window = fromView(view, nRows, nColumns);
    }
    if (name === "pair") this.#showPair();
    // After Back or a choice in another widget, the cross-hair would mark what is no longer chosen.
    if ((name === "pair" || name === "cell") && !this.#setting && this.#cross)
      this.point(this.#pairPlace);
    this.#notify(change);
  }

  get #pairPlace(): Place | null {
    const [pre, post] = this.get("pair") ?? [];
    if (pre === undefined || post === undefined) return null;
    const [row, column] = [this.placeOf("pre", pre), this.placeOf("post", post)];
    return row < 0 || column < 0 ? null : { row, column };
  }

  // Brings a pair that was chosen elsewhere into view.
  #showPair(): void {
    const place = this.#pairPlace;
    if (!place) return;
    const { nRows, nColumns } = this.layout;
    const window = includingEntry(this.window, place.row, place.column, nRows, nColumns);
    if (window === this.window) return;
    this.window = window;
    // At once, because a view that is set after the pair is newer.
    this.#sendView();
    this.#notify("window");
  }

  #sendView(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.set({ view: toView(this.window, this.layout.nRows, this.layout.nColumns) });
  }

  #notify(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
