// The table: only rows on the screen are elements, but the keyboard moves through all rows.

import type { Column } from "../../shared/columns";
import { h, listen } from "../../shared/dom";
import type { Theme } from "../../shared/theme";
import type { Store } from "../store";
import { EmptyView } from "./empty-view";
import { heading, PROOFREADING } from "./headings";
import { inShort, narrowRows, newRow, paintRow, type RowLayout, wideRows } from "./row-view";
import "./table.css";

// Rows above and below the screen, so that a slow frame shows no gap.
const SPARE_ROWS = 4;
// In em; a digit or letter takes about 0.56. Spare width is shared among the columns.
const BOX_WIDTH = 2.4;
const WIDEST = 16;

let views = 0;

export interface TableActions {
  copyIds(): void;
  selectShown(): void;
  /** The pointer is on a row; -1: on none. */
  hover(row: number): void;
}

export class TableView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #actions: TableActions;
  readonly #prefix = `mw-picker-${++views}`;
  readonly grid: HTMLElement;
  readonly #empty: EmptyView;
  readonly #head = h("div", { role: "row", class: "mw-head", "aria-rowindex": 1 });
  readonly #body = h("div", { role: "rowgroup", class: "mw-body" });
  readonly #pool: HTMLElement[] = [];
  readonly #resized: ResizeObserver;
  #columns: string[];
  #narrow = false;
  #layout: RowLayout;
  #theme: Theme = "light";
  #lit: ReadonlySet<number> = new Set();
  // Remembered, since reading it makes the browser lay out the page.
  #height = 0;
  #active = 0;
  #anchor = 0;
  #valueRow = -1;

  constructor(store: Store, columns: string[], actions: TableActions) {
    this.#store = store;
    this.#columns = columns;
    this.#layout = wideRows(store.table, columns);
    this.#actions = actions;
    this.grid = h(
      "div",
      {
        role: "grid",
        class: "mw-grid",
        tabindex: 0,
        "aria-label": "Cells",
        "aria-multiselectable": "true",
      },
      h("div", { role: "rowgroup", class: "mw-heads" }, this.#head),
      this.#body,
    );
    this.#empty = new EmptyView(store);
    this.element = h("div", { class: "mw-table" }, this.grid, this.#empty.element);
    listen(this.grid, "scroll", () => this.#paintRows(), { passive: true });
    listen(this.#body, "pointerover", (event) => this.#hover(event.target as Element));
    listen(this.#body, "pointerleave", () => this.#hover(null));
    listen(this.grid, "keydown", (event) => this.#keyDown(event));
    listen(this.#body, "click", (event) => this.#click(event));
    listen(this.#head, "click", (event) => this.#sort(event));
    this.#resized = new ResizeObserver(() => {
      this.#height = this.grid.clientHeight;
      this.#paintRows();
    });
    this.#resized.observe(this.grid);
  }

  destroy(): void {
    this.#resized.disconnect();
  }

  /** Shows these columns, in this order. */
  set columns(columns: string[]) {
    this.#columns = columns;
    this.#arrange();
  }

  /** Two lines for each cell, where there is no space for columns. */
  set narrow(narrow: boolean) {
    if (narrow === this.#narrow) return;
    this.#narrow = narrow;
    this.#arrange();
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    // Each row stays in its place: JupyterLab hides the page while it changes the theme, and a hidden
    // grid reports that it is scrolled to the top.
    for (const element of this.#pool) {
      if (!element.hidden) this.#paintRow(element, Number(element.dataset.place));
    }
  }

  /** Lights up rows, if they are on the screen. */
  light(rows: ReadonlySet<number>): void {
    this.#lit = rows;
    this.#paintRows();
  }

  #arrange(): void {
    const { table } = this.#store;
    this.#layout = this.#narrow ? narrowRows(table) : wideRows(table, this.#columns);
    this.grid.toggleAttribute("data-narrow", this.#narrow);
    this.#pool.length = 0;
    this.#body.replaceChildren();
    this.paint();
    if (this.#active > 0) this.#reveal(this.#active);
  }

  /** Repaints after a filter or the order has changed: what was asked for begins at the top. */
  paintFromTop(): void {
    this.#active = 0;
    this.#anchor = 0;
    this.grid.scrollTop = 0;
    this.paint();
  }

  /** Repaints all rows. */
  paint(): void {
    const { rows } = this.#store;
    this.#active = Math.max(0, Math.min(this.#active, rows.length - 1));
    this.grid.setAttribute("aria-rowcount", String(rows.length + 1));
    this.grid.setAttribute("aria-colcount", String(this.#layout.columns.length + 1));
    this.#body.style.height = `${rows.length * this.#layout.height}px`;
    this.#empty.paint();
    this.#paintHead();
    this.#paintRows();
  }

  #setWidths(): void {
    const { columns } = this.#store.table;
    const widths = this.#columns.map((name) => widthOf(name, columns.get(name)));
    const total = widths.reduce((sum, width) => sum + width, BOX_WIDTH);
    const tracks = widths.map((width) => `minmax(${width}em, ${width}fr)`);
    this.grid.style.setProperty("--mw-columns", `${BOX_WIDTH}em ${tracks.join(" ")}`);
    this.grid.style.setProperty("--mw-width", `${total}em`);
  }

  /** Repaints after a change of choice or selection; scrolls to a cell chosen elsewhere. */
  paintChoice(): void {
    const row = this.#store.valueRow;
    const place = row === this.#valueRow ? -1 : this.#store.rows.indexOf(row);
    this.#valueRow = row;
    if (place >= 0 && place !== this.#active) {
      this.#active = place;
      this.#anchor = place;
      this.#reveal(place);
    }
    this.#paintRows();
  }

  #paintHead(): void {
    const { sort } = this.#store;
    const shown = JSON.stringify([sort, this.#narrow, this.#columns]);
    if (this.#head.dataset.shown === shown) return;
    this.#head.dataset.shown = shown;
    this.#setWidths();
    const focused = this.#head.contains(this.#head.ownerDocument.activeElement)
      ? (this.#head.ownerDocument.activeElement as HTMLElement).dataset.column
      : undefined;
    const cells = this.#layout.columns.map(({ name, title, kind }, i) => {
      const direction = sort?.column === name ? sort.direction : "none";
      const mark = { ascending: " ▲", descending: " ▼", none: "" }[direction];
      return h(
        "div",
        {
          role: "columnheader",
          "aria-sort": direction,
          "aria-colindex": i + 2,
          class: `mw-cell mw-${kind}`,
        },
        h("button", { "data-column": name, title: `Sort by ${name}` }, title + mark),
      );
    });
    const corner = h("div", { role: "columnheader", "aria-colindex": 1, class: "mw-cell" });
    corner.append(h("span", { class: "mw-aloud" }, "selected"));
    this.#head.replaceChildren(corner, ...cells);
    if (focused) {
      [...this.#head.querySelectorAll("button")]
        .find((button) => button.dataset.column === focused)
        ?.focus();
    }
  }

  #paintRows(): void {
    const { rows } = this.#store;
    const visible = this.#visibleRows();
    const { scrollTop } = this.grid;
    const first = Math.max(0, Math.floor(scrollTop / this.#layout.height) - SPARE_ROWS);
    const last = Math.min(rows.length, first + visible + 2 * SPARE_ROWS);
    while (this.#pool.length < last - first) {
      const element = newRow(this.#layout);
      this.#pool.push(element);
      this.#body.append(element);
    }
    this.#pool.forEach((element, i) => {
      const place = first + i;
      element.hidden = place >= last;
      if (place < last) this.#paintRow(element, place);
    });
    const on = this.#active >= first && this.#active < last;
    if (on) this.grid.setAttribute("aria-activedescendant", this.#rowId(this.#active));
    else this.grid.removeAttribute("aria-activedescendant");
  }

  #paintRow(element: HTMLElement, place: number): void {
    const row = this.#store.rows[place] ?? 0;
    const id = this.#rowId(place);
    if (element.id !== id) {
      element.id = id;
      element.dataset.place = String(place);
    }
    paintRow(element, this.#layout, this.#store, row, {
      place,
      active: place === this.#active,
      lit: this.#lit.has(row),
      theme: this.#theme,
    });
  }

  #rowId(place: number): string {
    return `${this.#prefix}-${place}`;
  }

  #visibleRows(): number {
    return Math.max(1, Math.ceil(this.#height / this.#layout.height) - 1);
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const element = target.closest<HTMLElement>("[data-place]");
    if (!element) return;
    const place = Number(element.dataset.place);
    const row = this.#store.rows[place];
    if (row === undefined) return;
    this.#active = place;
    if (event.shiftKey) {
      this.#extend(place);
    } else {
      this.#anchor = place;
      const several = event.ctrlKey || event.metaKey || target.closest(".mw-box") !== null;
      if (several) this.#store.toggle(row);
      else this.#choose(row);
    }
    this.#paintRows();
  }

  // A row chosen here is on the screen already, so the table does not scroll to it.
  #choose(row: number): void {
    if (this.#store.isCell(row)) this.#valueRow = row;
    this.#store.choose(row);
  }

  #extend(place: number): void {
    const [from, to] = [Math.min(this.#anchor, place), Math.max(this.#anchor, place)];
    this.#store.add(this.#store.rows.subarray(from, to + 1));
  }

  #sort(event: MouseEvent): void {
    const name = (event.target as Element).closest("button")?.dataset.column;
    if (!name) return;
    const { sort } = this.#store;
    // A third click restores the table's own order.
    const next = { ascending: "descending", descending: null } as const;
    const direction = sort?.column === name ? next[sort.direction] : "ascending";
    this.#store.sortBy(name, direction);
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.target !== this.grid) return;
    const command = event.ctrlKey || event.metaKey;
    const handled = command ? this.#command(event.key) : this.#key(event.key, event.shiftKey);
    if (handled) event.preventDefault();
  }

  #command(key: string): boolean {
    const acts: Record<string, () => void> = {
      a: () => this.#actions.selectShown(),
      c: () => this.#actions.copyIds(),
    };
    acts[key.toLowerCase()]?.();
    return key.toLowerCase() in acts;
  }

  #key(key: string, shift: boolean): boolean {
    const { rows } = this.#store;
    const page = Math.max(1, this.#visibleRows() - 1);
    const places: Record<string, number> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const row = rows[this.#active];
    const place = places[key];
    if (place !== undefined) this.#move(place, shift);
    else if (key === " " && row !== undefined) this.#store.toggle(row);
    else if (key === "Enter" && row !== undefined) this.#choose(row);
    else return false;
    return true;
  }

  #move(place: number, extend: boolean): void {
    this.#active = Math.max(0, Math.min(place, this.#store.rows.length - 1));
    if (extend) this.#extend(this.#active);
    else this.#anchor = this.#active;
    this.#reveal(this.#active);
    this.#paintRows();
  }

  #reveal(place: number): void {
    const top = place * this.#layout.height;
    const height = this.grid.clientHeight - this.#head.offsetHeight;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (top + this.#layout.height > this.grid.scrollTop + height) {
      this.grid.scrollTop = top + this.#layout.height - height;
    }
  }

  #hover(target: Element | null): void {
    const place = target?.closest<HTMLElement>("[data-place]")?.dataset.place;
    this.#actions.hover(place === undefined ? -1 : (this.#store.rows[Number(place)] ?? -1));
  }
}

function widthOf(name: string, column: Column | undefined): number {
  // An id has no space here for all its digits unless there is spare width: see table.css.
  if (column?.kind === "ids") return 8.2;
  const all = column?.kind === "text" ? column.labels : [];
  const labels = name === PROOFREADING ? all.map(inShort) : all;
  // Three more letters: the arrow of the sorted column, the dot of a type.
  const letters = 3 + Math.max(heading(name).title.length, ...labels.map((label) => label.length));
  return Math.min(WIDEST, 0.56 * letters + 1.3);
}
