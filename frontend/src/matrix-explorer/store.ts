// What an explorer shows: the model's traits, what follows from them, and the way back.
import type { AnyModel } from "@anywidget/types";
import type { RootId } from "../shared/root-ids";
import { watchTraits } from "../shared/traits";
import { axisOf, givenOrder, type Order, type Ranks, ranks, type Side } from "./data/cell-order";
import { type Levels, levelsOf, type Value, weightOf } from "./data/connection-values";
import { groups } from "./data/label-runs";
import { type Sums, sumsOf } from "./data/margin-sums";
import type { MatrixData } from "./data/matrix-data";
import { Orders } from "./data/order-source";
import {
  type ByColumn,
  byColumn,
  entryAt,
  inLayout,
  type Layout,
  layOut,
} from "./data/ordered-matrix";
import { fromView, isWhole, showing, toView, type Window, whole } from "./data/visible-window";
import { nameOf, type State } from "./state";

/** A place on the screen's matrix: row and column as shown. */
export interface Place {
  row: number;
  column: number;
}

/** What has changed: order or value for the picture; the others for what lies upon it. */
export type Change = "picture" | "window" | "cross" | "choice" | "mode" | "status";
type Listener = (change: Change) => void;

interface Selected {
  layout: Layout;
  ids: readonly RootId[];
  places: readonly number[];
}

// While one moves the view, Python is told at rests.
const SEND_AFTER_MS = 200;
const TRAITS: Partial<Record<keyof State & string, Change>> = {
  value: "picture",
  by: "picture",
  order_pre: "picture",
  order_post: "picture",
  own_pre: "picture",
  own_post: "picture",
  pixel: "picture",
  colormap: "picture",
  view: "window",
  show: "mode",
  type_value: "mode",
  pair: "choice",
  cell: "choice",
  selected_pre: "choice",
  selected_post: "choice",
};

export class Store {
  readonly data: MatrixData;
  readonly model: AnyModel<State>;
  window: Window;
  /** A line for the reader, such as why an order cannot be had. */
  status = "";
  readonly #transposed: ByColumn;
  readonly #listeners = new Set<Listener>();
  readonly #orders: Orders;
  readonly #levels = new Map<Value, Levels>();
  readonly #sums = new Map<string, Sums>();
  readonly #ranks = new Map<string, Ranks>();
  readonly #selected: Partial<Record<Side, Selected>> = {};
  #layout: Layout | undefined;
  // In the data, not as shown.
  #cross: Place | null = null;
  #shown: { levels: Levels; layout: Layout; steps: Uint8Array } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(model: AnyModel<State>, data: MatrixData, signal: AbortSignal) {
    this.model = model;
    this.data = data;
    this.#orders = new Orders(model, data, signal);
    this.#transposed = byColumn(data);
    const { nRows, nColumns } = this.layout;
    this.window = fromView(this.get("view"), nRows, nColumns);
    for (const [name, change] of Object.entries(TRAITS) as [string, Change][]) {
      watchTraits(model, [name], () => this.#hear(name, change), signal);
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
    for (const [name, value] of Object.entries(state)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Made when it is needed: both axes may get a new order at once. */
  get layout(): Layout {
    this.#layout ??= layOut(
      this.data,
      this.#transposed,
      this.#orderOf("pre"),
      this.#orderOf("post"),
    );
    return this.#layout;
  }

  /** Where the cross-hair is shown; it stays with its cells when their order changes. */
  get cross(): Place | null {
    const { placeOfRow, placeOfColumn } = this.layout;
    if (!this.#cross) return null;
    const { row, column } = this.#cross;
    return { row: placeOfRow[row] as number, column: placeOfColumn[column] as number };
  }

  get levels(): Levels {
    const value = this.get("value");
    return cached(this.#levels, value, () => levelsOf(this.data, value));
  }

  /** Steps of the colour scale in the order of the layout. */
  get steps(): Uint8Array {
    const { levels, layout } = this;
    if (this.#shown?.levels !== levels || this.#shown.layout !== layout) {
      this.#shown = { levels, layout, steps: inLayout(layout, levels.steps) };
    }
    return this.#shown.steps;
  }

  get sums(): Sums {
    const value = this.get("value");
    return cached(this.#sums, weightOf(value), () => sumsOf(this.data, value));
  }

  ranks(side: Side, by = this.get("by")): Ranks {
    return cached(this.#ranks, `${side} ${by}`, () => ranks(axisOf(this.data, side), by));
  }

  get isWhole(): boolean {
    return isWhole(this.window, this.layout.nRows, this.layout.nColumns);
  }

  /** Whole rows and columns that are seen, one past the last excluded. */
  get seen(): { rows: [number, number]; columns: [number, number] } {
    const { nRows, nColumns } = this.layout;
    const view = toView(this.window, nRows, nColumns);
    return { rows: view.rows ?? [0, nRows], columns: view.columns ?? [0, nColumns] };
  }

  look(window: Window): void {
    this.window = window;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sendView(), SEND_AFTER_MS);
    this.#call("window");
  }

  lookAtAll(): void {
    this.look(whole(this.layout.nRows, this.layout.nColumns));
  }

  /** Moves the cross-hair, and the window after it if it leaves. */
  point(place: Place | null, follow = false): void {
    const before = this.cross;
    if (place?.row === before?.row && place?.column === before?.column) return;
    const { rowAt, columnAt, nRows, nColumns } = this.layout;
    this.#cross = place && {
      row: rowAt[place.row] as number,
      column: columnAt[place.column] as number,
    };
    if (place && follow) {
      const window = showing(this.window, place.row, place.column, nRows, nColumns);
      if (window !== this.window) this.look(window);
    }
    this.#call("cross");
  }

  choose({ row, column }: Place): void {
    this.set({ pair: [this.idOf("pre", row), this.idOf("post", column)] });
  }

  /** Selects the cells of whole rows and columns as shown; null selects none. */
  select(rows: readonly [number, number] | null, columns: readonly [number, number] | null): void {
    const ids = (side: Side, range: readonly [number, number] | null) =>
      range
        ? Array.from({ length: range[1] - range[0] }, (_, k) => this.idOf(side, range[0] + k))
        : [];
    this.set({ selected_pre: ids("pre", rows), selected_post: ids("post", columns) });
  }

  /** The root id of a row or column as shown. */
  idOf(side: Side, place: number): RootId {
    const order = side === "pre" ? this.layout.rowAt : this.layout.columnAt;
    return axisOf(this.data, side).ids.at(order[place] as number);
  }

  /** Where a cell is shown, -1 if it is not on the axis. */
  placeOf(side: Side, id: RootId): number {
    const places = side === "pre" ? this.layout.placeOfRow : this.layout.placeOfColumn;
    return places[axisOf(this.data, side).ids.rowOf(id)] ?? -1;
  }

  /** Places of the selected cells of an axis, ascending. */
  selectedPlaces(side: Side): readonly number[] {
    const { layout } = this;
    const ids = this.get(`selected_${side}`);
    const before = this.#selected[side];
    // Looked up for each picture of the cross-hair.
    if (before?.layout === layout && before.ids === ids) return before.places;
    const places = ids.map((id) => this.placeOf(side, id)).filter((place) => place >= 0);
    places.sort((a, b) => a - b);
    this.#selected[side] = { layout, ids, places };
    return places;
  }

  /** Whether a cell is on an axis, `""` is either. */
  has(side: Side | "", id: RootId): boolean {
    const sides: Side[] = side ? [side] : ["pre", "post"];
    return sides.some((axis) => axisOf(this.data, axis).ids.rowOf(id) >= 0);
  }

  /** The connection at a place, as its number in the data; -1 for none. */
  entryAt({ row, column }: Place): number {
    return entryAt(this.layout, row, column);
  }

  /** Orders an axis; what only Python can do is asked. The status says why it cannot be done. */
  async order(side: Side, by: string): Promise<void> {
    if (this.#orders.get(side, by) || (await this.#fetched(side, by))) {
      this.set(side === "pre" ? { order_pre: by } : { order_post: by });
    }
  }

  /** Shows the cells of two types: orders both axes by type and looks at the field. */
  lookAtTypes(preLabel: string, postLabel: string): void {
    const by = this.get("by");
    this.set({ order_pre: by, order_post: by, show: "cells" });
    const find = (side: Side, order: Order, label: string) =>
      groups(this.ranks(side), order)?.find((group) => group.label === label);
    const rows = find("pre", this.layout.rowAt, preLabel);
    const columns = find("post", this.layout.columnAt, postLabel);
    if (!rows || !columns) return;
    this.look({ top: rows.first, bottom: rows.end, left: columns.first, right: columns.end });
  }

  say(status: string): void {
    this.status = status;
    this.#call("status");
  }

  async #fetched(side: Side, by: string): Promise<boolean> {
    this.say(`Python orders the cells by ${nameOf(by, side)} ...`);
    try {
      await this.#orders.fetch(side, by);
    } catch (error) {
      this.say((error as Error).message);
      return false;
    }
    this.say("");
    return true;
  }

  #orderOf(side: Side): Order {
    const by = this.get(`order_${side}`);
    const order = this.#orders.get(side, by);
    if (order) return order;
    // Python, or a saved notebook, names an order that is not here yet.
    void this.#fetched(side, by).then((there) => there && this.#arrange());
    return givenOrder(axisOf(this.data, side).size);
  }

  #arrange(): void {
    this.#layout = undefined;
    this.#call("picture");
  }

  #hear(name: string, change: Change): void {
    if (/^(order|own)_/.test(name)) {
      this.#arrange();
      return;
    }
    if (change === "window") {
      const { nRows, nColumns } = this.layout;
      const view = this.get("view");
      // What was done here meanwhile is newer, or it is what this view has just sent.
      const own = JSON.stringify(toView(this.window, nRows, nColumns)) === JSON.stringify(view);
      if (this.#timer !== undefined || own) return;
      this.window = fromView(view, nRows, nColumns);
    }
    if (name === "pair") this.#follow();
    this.#call(change);
  }

  // A pair that was chosen elsewhere comes into view.
  #follow(): void {
    const [pre, post] = this.get("pair") ?? [];
    if (pre === undefined || post === undefined) return;
    const [row, column] = [this.placeOf("pre", pre), this.placeOf("post", post)];
    if (row < 0 || column < 0) return;
    const { nRows, nColumns } = this.layout;
    const window = showing(this.window, row, column, nRows, nColumns);
    if (window === this.window) return;
    this.window = window;
    // At once: a view that others set after the pair is newer.
    this.#sendView();
    this.#call("window");
  }

  #sendView(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.set({ view: toView(this.window, this.layout.nRows, this.layout.nColumns) });
  }

  #call(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function cached<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
