// The table: only rows on the screen are elements, but the keyboard moves through all rows.

import type { Column } from "../../shared/columns";
import { h, listen } from "../../shared/dom";
import { color } from "../../shared/palette";
import type { Store } from "../store";
import { cellText, heading } from "./headings";
import "./table.css";

const ROW_HEIGHT = 26;
// Rows above and below the screen, so that a slow frame shows no gap.
const SPARE_ROWS = 4;
// In em; a digit or letter takes about 0.6. Spare width is shared among the columns.
const BOX_WIDTH = 2.4;
const WIDEST = 16;

let views = 0;

export interface TableActions {
  copyIds(): void;
  undo(): void;
  selectShown(): void;
}

export class TableView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #actions: TableActions;
  readonly #prefix = `mw-picker-${++views}`;
  readonly #grid: HTMLElement;
  readonly #head = h("div", { role: "row", class: "mw-head", "aria-rowindex": 1 });
  readonly #body = h("div", { role: "rowgroup", class: "mw-body" });
  readonly #pool: HTMLElement[] = [];
  readonly #resized: ResizeObserver;
  #columns: string[];
  #active = 0;
  #anchor = 0;
  #valueRow = -1;

  constructor(store: Store, columns: string[], actions: TableActions) {
    this.#store = store;
    this.#columns = columns;
    this.#actions = actions;
    this.#grid = h(
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
    this.element = this.#grid;
    listen(this.#grid, "scroll", () => this.#paintRows(), { passive: true });
    listen(this.#grid, "keydown", (event) => this.#keyDown(event));
    listen(this.#body, "click", (event) => this.#click(event));
    listen(this.#head, "click", (event) => this.#sort(event));
    this.#resized = new ResizeObserver(() => this.#paintRows());
    this.#resized.observe(this.#grid);
  }

  destroy(): void {
    this.#resized.disconnect();
  }

  /** Shows these columns, in this order. */
  set columns(columns: string[]) {
    this.#columns = columns;
    this.#pool.length = 0;
    this.#body.replaceChildren();
    this.paint();
  }

  /** Repaints after rows, order or columns have changed. */
  paint(): void {
    const { rows } = this.#store;
    this.#active = Math.max(0, Math.min(this.#active, rows.length - 1));
    this.#grid.setAttribute("aria-rowcount", String(rows.length + 1));
    this.#grid.setAttribute("aria-colcount", String(this.#columns.length + 1));
    this.#body.style.height = `${rows.length * ROW_HEIGHT}px`;
    const { columns } = this.#store.table;
    const widths = this.#columns.map((name) => widthOf(name, columns.get(name)));
    const total = widths.reduce((sum, width) => sum + width, BOX_WIDTH);
    const tracks = widths.map((width) => `minmax(${width}em, ${width}fr)`);
    this.#grid.style.setProperty("--mw-columns", `${BOX_WIDTH}em ${tracks.join(" ")}`);
    this.#grid.style.setProperty("--mw-width", `${total}em`);
    this.#paintHead();
    this.#paintRows();
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
    const { sort, table } = this.#store;
    const focused = this.#head.contains(this.#head.ownerDocument.activeElement)
      ? (this.#head.ownerDocument.activeElement as HTMLElement).dataset.column
      : undefined;
    const cells = this.#columns.map((name, i) => {
      const direction = sort?.column === name ? sort.direction : "none";
      const mark = { ascending: " ▲", descending: " ▼", none: "" }[direction];
      return h(
        "div",
        {
          role: "columnheader",
          "aria-sort": direction,
          "aria-colindex": i + 2,
          class: `mw-cell mw-${table.columns.get(name)?.kind}`,
        },
        h("button", { "data-column": name, title: `Sort by ${name}` }, heading(name).title + mark),
      );
    });
    const corner = h("div", { role: "columnheader", "aria-colindex": 1, class: "mw-cell" });
    corner.append(h("span", { class: "mw-hidden" }, "selected"));
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
    const first = Math.max(0, Math.floor(this.#grid.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(rows.length, first + visible + 2 * SPARE_ROWS);
    while (this.#pool.length < last - first) this.#addRow();
    this.#pool.forEach((element, i) => {
      const place = first + i;
      element.hidden = place >= last;
      if (place < last) this.#paintRow(element, place);
    });
    const on = this.#active >= first && this.#active < last;
    if (on) this.#grid.setAttribute("aria-activedescendant", this.#rowId(this.#active));
    else this.#grid.removeAttribute("aria-activedescendant");
  }

  #addRow(): void {
    const cells = this.#columns.map((name, i) => {
      const kind = this.#store.table.columns.get(name)?.kind ?? "text";
      return h("div", {
        role: "gridcell",
        class: `mw-cell mw-${kind}`,
        "aria-colindex": i + 2,
      });
    });
    const box = h("div", { role: "gridcell", class: "mw-cell mw-box", "aria-colindex": 1 });
    box.append(h("span", { class: "mw-tick", "aria-hidden": "true" }));
    const row = h("div", { role: "row", class: "mw-row" }, box, ...cells);
    this.#pool.push(row);
    this.#body.append(row);
  }

  #paintRow(element: HTMLElement, place: number): void {
    const store = this.#store;
    const row = store.rows[place] ?? 0;
    element.id = this.#rowId(place);
    element.dataset.place = String(place);
    element.style.transform = `translateY(${place * ROW_HEIGHT}px)`;
    element.setAttribute("aria-rowindex", String(place + 2));
    element.setAttribute("aria-selected", String(store.selectedRows.has(row)));
    element.toggleAttribute("data-value", row === store.valueRow);
    element.toggleAttribute("data-active", place === this.#active);
    element.toggleAttribute("data-no-segment", !store.isCell(row));
    this.#columns.forEach((name, i) => {
      const column = store.table.columns.get(name);
      const cell = element.children[i + 1] as HTMLElement | undefined;
      if (!column || !cell) return;
      const text = cellText(column, row);
      if (cell.textContent !== text) {
        cell.textContent = text;
        cell.title = text;
      }
      if (name === "cell_type_auto") cell.style.setProperty("--mw-color", color(text));
      cell.toggleAttribute("data-swatch", name === "cell_type_auto" && text !== "");
    });
  }

  #rowId(place: number): string {
    return `${this.#prefix}-${place}`;
  }

  #visibleRows(): number {
    return Math.max(1, Math.ceil(this.#grid.clientHeight / ROW_HEIGHT) - 1);
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
    this.#grid.scrollTop = 0;
    this.#active = 0;
    this.#store.sortBy(name, direction);
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.target !== this.#grid) return;
    const command = event.ctrlKey || event.metaKey;
    const handled = command ? this.#command(event.key) : this.#key(event.key, event.shiftKey);
    if (handled) event.preventDefault();
  }

  #command(key: string): boolean {
    const acts: Record<string, () => void> = {
      a: () => this.#actions.selectShown(),
      c: () => this.#actions.copyIds(),
      z: () => this.#actions.undo(),
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
    const top = place * ROW_HEIGHT;
    const height = this.#grid.clientHeight - this.#head.offsetHeight;
    if (top < this.#grid.scrollTop) this.#grid.scrollTop = top;
    else if (top + ROW_HEIGHT > this.#grid.scrollTop + height) {
      this.#grid.scrollTop = top + ROW_HEIGHT - height;
    }
  }
}

function widthOf(name: string, column: Column | undefined): number {
  if (column?.kind === "ids") return 14;
  const labels = column?.kind === "text" ? column.labels : [];
  // Three more letters: the arrow of the sorted column, the dot of a type.
  const letters = 3 + Math.max(heading(name).title.length, ...labels.map((label) => label.length));
  return Math.min(WIDEST, 0.6 * letters + 1.3);
}
