// Connections, cells or pairs of types as a table that can be sorted and read row by row, for those
// who do not see the picture and those who want its numbers. At most one page of rows is built.
import { h, listen } from "../../shared/dom";
import { format } from "../../shared/number-format";
import type { RootId } from "../../shared/root-ids";
import {
  type Column,
  cellRows,
  connectionRows,
  type TableRows,
  typeRows,
} from "../data/table-rows";
import type { TypeSummary } from "../data/type-summary";
import type { Store } from "../store";
import { button } from "./controls";
import { describeSelectedOutside } from "./descriptions";

const PAGE = 200;
// The window and the selection may change many times a second.
const DELAY_MS = 120;

export class TableView {
  readonly root: HTMLElement;
  readonly #store: Store;
  readonly #summary: () => TypeSummary;
  readonly #hover: (ids: readonly RootId[]) => void;
  readonly #scroller = h("div", { class: "mx-table-rows" });
  readonly #range = h("span", { class: "mx-range", role: "status" });
  readonly #announcement = h("p", { class: "mw-aloud", "aria-live": "polite" });
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #rows: TableRows | undefined;
  #shown = "";
  /** Rows in the order of the table. */
  #order = new Uint32Array(0);
  #sort: { column: number; down: boolean } | null = null;
  #page = 0;
  /** Place of the row that the keyboard is on, within the whole table. */
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    store: Store,
    summary: () => TypeSummary,
    hover: (ids: readonly RootId[]) => void,
    signal: AbortSignal,
  ) {
    this.#store = store;
    this.#summary = summary;
    this.#hover = hover;
    this.#previous = button("‹", "Previous page", () => this.#turn(-1));
    this.#next = button("›", "Next page", () => this.#turn(1));
    this.root = h(
      "div",
      { class: "mx-table" },
      this.#scroller,
      h("div", { class: "mx-buttons" }, this.#previous, this.#next, this.#range),
      this.#announcement,
    );
    listen(this.#scroller, "keydown", (event) => this.#key(event));
    listen(this.#scroller, "click", (event) => {
      const place = placeOf(event.target);
      if (place !== null) this.#choose(place);
    });
    listen(this.#scroller, "pointerover", (event) => this.#point(placeOf(event.target)));
    listen(this.#scroller, "pointerleave", () => this.#point(null));
    listen(this.#scroller, "focusin", (event) => {
      const place = placeOf(event.target);
      if (place !== null) this.#point(place);
    });
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Draws the table again once changes pause. */
  schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.draw(), DELAY_MS);
  }

  draw(): void {
    clearTimeout(this.#timer);
    if (this.root.hidden) return;
    const show = this.#store.get("show");
    if (show !== this.#shown) {
      this.#sort = null;
      this.#page = this.#at = 0;
      this.#shown = show;
    }
    this.#rows =
      show === "type_table"
        ? typeRows(this.#store, this.#summary())
        : show === "cell_table"
          ? cellRows(this.#store)
          : connectionRows(this.#store);
    this.#arrange();
    this.#at = Math.min(this.#at, Math.max(this.#order.length - 1, 0));
    this.#page = Math.floor(this.#at / PAGE);
    this.#drawPage();
  }

  #arrange(): void {
    const rows = this.#rows as TableRows;
    this.#order = Uint32Array.from({ length: rows.n }, (_, row) => row);
    if (!this.#sort) return;
    const { column, down } = this.#sort;
    const key = rows.columns[column]?.key;
    if (!key) return;
    const keys = Float64Array.from(this.#order, (row) => key(row));
    this.#order.sort((a, b) => {
      const [x, y] = [keys[a] as number, keys[b] as number];
      if (Number.isNaN(x) || Number.isNaN(y))
        return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      return (down ? y - x : x - y) || a - b;
    });
  }

  #drawPage(): void {
    const rows = this.#rows as TableRows;
    const focused = this.#scroller.contains(document.activeElement);
    const inHead = focused && document.activeElement?.closest("th")?.dataset.column;
    const first = this.#page * PAGE;
    const end = Math.min(first + PAGE, rows.n);
    const head = rows.columns.map(({ title }, column) => {
      const sorted = this.#sort?.column === column ? this.#sort : null;
      const direction = sorted ? (sorted.down ? "descending" : "ascending") : undefined;
      const sorter = h(
        "button",
        { type: "button" },
        `${title}${sorted ? (sorted.down ? " ↓" : " ↑") : ""}`,
      );
      listen(sorter, "click", () => this.#sortBy(column));
      return h("th", { scope: "col", "aria-sort": direction, "data-column": column }, sorter);
    });
    const body = Array.from({ length: end - first }, (_, k) => this.#row(first + k));
    this.#scroller.replaceChildren(
      h(
        "table",
        {
          role: "grid",
          "aria-label": `${format(rows.n)} ${rows.name}; Enter chooses a row`,
          "aria-rowcount": rows.n + 1,
        },
        h("thead", {}, h("tr", { "aria-rowindex": 1 }, ...head)),
        h("tbody", {}, ...body),
      ),
    );
    this.#previous.disabled = this.#page === 0;
    this.#next.disabled = end >= rows.n;
    this.#range.textContent =
      rows.n === 0
        ? `There are no ${rows.name}.`
        : `${format(first + 1)}–${format(end)} of ${format(rows.n)} ${rows.name}`;
    const outside = this.#shown === "connection_table" ? describeSelectedOutside(this.#store) : "";
    if (outside) this.#range.textContent += `${rows.n === 0 ? "" : "."} ${outside}`;
    if (inHead)
      this.#scroller.querySelector<HTMLElement>(`[data-column="${inHead}"] button`)?.focus();
    else if (focused) this.#rowElement(this.#at)?.focus({ preventScroll: true });
  }

  #row(place: number): HTMLTableRowElement {
    const rows = this.#rows as TableRows;
    const row = this.#order[place] as number;
    return h(
      "tr",
      {
        "data-place": place,
        tabindex: place === this.#at ? 0 : -1,
        "aria-rowindex": place + 2,
        "aria-selected": String(rows.isChosen(row)),
        "aria-label": this.#describe(place),
      },
      ...rows.columns.map((column) => h("td", { class: classOf(column) }, column.text(row))),
    );
  }

  #sortBy(column: number): void {
    const before = this.#sort?.column === column ? this.#sort : null;
    const numeric = this.#rows?.columns[column]?.numeric ?? false;
    this.#sort = { column, down: before ? !before.down : numeric };
    this.#page = this.#at = 0;
    this.#arrange();
    this.#drawPage();
    const { title } = this.#rows?.columns[column] ?? {};
    this.#announcement.textContent = `Sorted by ${title}, ${this.#sort.down ? "descending" : "ascending"}`;
  }

  #turn(by: number): void {
    this.#page += by;
    this.#at = this.#page * PAGE;
    this.#drawPage();
    this.#scroller.scrollTop = 0;
  }

  #key(event: KeyboardEvent): void {
    const place = placeOf(event.target);
    if (place === null) return;
    const last = this.#order.length - 1;
    const targets: Record<string, number> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + PAGE / 10,
      PageUp: place - PAGE / 10,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) this.#go(Math.min(Math.max(target, 0), last));
    else if (event.key === "Enter" || event.key === " ") this.#choose(place);
    else return;
    event.preventDefault();
  }

  #go(place: number): void {
    this.#rowElement(this.#at)?.setAttribute("tabindex", "-1");
    this.#at = place;
    const page = Math.floor(place / PAGE);
    if (page !== this.#page) {
      this.#page = page;
      this.#drawPage();
    }
    const row = this.#rowElement(place);
    row?.setAttribute("tabindex", "0");
    row?.focus();
  }

  /** A row in words for screen readers: long ids and the place in the table come last. */
  #describe(place: number): string {
    const rows = this.#rows as TableRows;
    const row = this.#order[place] as number;
    const columns = [...rows.columns].sort((a, b) => Number(!!a.isId) - Number(!!b.isId));
    const values = columns.map(({ title, text }) => `${title} ${text(row)}`);
    return `${values.join(", ")}, row ${format(place + 1)} of ${format(rows.n)}`;
  }

  #choose(place: number): void {
    this.#at = place;
    this.#rows?.choose(this.#order[place] as number);
  }

  #point(place: number | null): void {
    this.#hover(place === null ? [] : (this.#rows?.ids(this.#order[place] as number) ?? []));
  }

  #rowElement(place: number): HTMLElement | null {
    return this.#scroller.querySelector<HTMLElement>(`tr[data-place="${place}"]`);
  }
}

function classOf({ numeric, isId }: Column): string | null {
  return numeric ? "mx-number" : isId ? "mx-id" : null;
}

function placeOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest("tr[data-place]") : null;
  return row ? Number(row.getAttribute("data-place")) : null;
}
