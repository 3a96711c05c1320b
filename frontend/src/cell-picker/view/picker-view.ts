// The whole picker: search and buttons at the top; filters, table and map below.

import { copyText } from "../../shared/clipboard";
import type { NumberColumn, TextColumn } from "../../shared/columns";
import { LARGEST_SELECTION } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import { parseRootIds } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import { filtersCode, idsCode } from "../export/python-code";
import type { Store } from "../store";
import { FacetView } from "./facet-view";
import { heading, initialColumns } from "./headings";
import { MapView } from "./map-view";
import { RangeView } from "./range-view";
import { TableView } from "./table-view";
import "./picker.css";

// A text column with more labels has no facet, but the search finds them.
const MOST_LABELS = 40;

export class PickerView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #table: TableView;
  readonly #map: MapView;
  readonly #facets: FacetView[];
  readonly #ranges: RangeView[];
  readonly #root: HTMLElement;
  readonly #search = h("input", {
    type: "search",
    placeholder: "Search type, region, root id",
    "aria-label": "Search cells by type, region or root id, or paste root ids",
    spellcheck: "false",
  });
  readonly #status = h("output", { class: "mw-status", role: "status" });
  readonly #chips = h("div", { class: "mw-chips" });
  readonly #undo: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  #dirty = { rows: true, choice: true };
  #frame = 0;
  #mapFrame = 0;

  constructor(store: Store) {
    this.#store = store;
    const columns = initialColumns(store.table);
    this.#table = new TableView(store, columns, {
      copyIds: () => this.#copyIds(),
      undo: () => store.undo(),
      selectShown: () => this.#selectShown(),
    });
    this.#map = new MapView(store);
    this.#facets = facets(store);
    this.#ranges = ranges(store);
    this.#undo = this.#button("Undo", "Undo the last change (Ctrl+Z in the table)", () =>
      store.undo(),
    );
    this.#clear = this.#button("Clear", "Clear all filters and the selection", () => store.clear());
    this.#root = this.#layout(columns);
    this.element = h("div", { class: "mw-picker-frame" }, this.#root);
    this.#listen();
    store.on((change) => {
      this.#dirty[change] = true;
      this.#schedulePaint();
    });
    this.paint();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#mapFrame);
    this.#table.destroy();
    this.#map.destroy();
  }

  set theme(theme: Theme) {
    this.#root.dataset.theme = theme;
    this.#map.theme = theme;
  }

  /** Paints what has changed. */
  paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#dirty.rows) {
      for (const filter of [...this.#facets, ...this.#ranges]) filter.paint();
      this.#paintSearch();
      this.#paintChips();
      this.#table.paint();
    }
    if (this.#dirty.choice) this.#table.paintChoice();
    // The map follows one frame later, so that table and counts keep up with typing.
    cancelAnimationFrame(this.#mapFrame);
    this.#mapFrame = requestAnimationFrame(() => this.#map.paint());
    this.#setStatus();
    this.#undo.disabled = !this.#store.canUndo;
    const { value, selected, filters } = this.#store.choice;
    this.#clear.disabled =
      value === null && selected.length === 0 && Object.keys(filters).length === 0;
    this.#dirty = { rows: false, choice: false };
  }

  #schedulePaint(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.paint());
  }

  #layout(columns: string[]): HTMLElement {
    const region = (name: string, label: string, filters: { element: HTMLElement }[]) =>
      h(
        "div",
        { class: `mw-filters ${name}`, role: "region", "aria-label": label },
        ...filters.map((filter) => filter.element),
      );
    const fold = h("button", { class: "mw-fold", "aria-expanded": "false" }, "Filters");
    const root = h(
      "div",
      { class: "mw-picker" },
      h(
        "div",
        { class: "mw-bar", role: "search" },
        this.#search,
        fold,
        this.#columnMenu(columns),
        this.#button("Select shown", "Select all cells that are shown (Ctrl+A in the table)", () =>
          this.#selectShown(),
        ),
        this.#undo,
        this.#clear,
        this.#button(
          "Copy ids",
          "Copy the selected root ids, or all that are shown if none is selected",
          () => this.#copyIds(),
        ),
        this.#button("Copy as Python", "Copy a line of Python that returns these cells", () =>
          this.#copyCode(),
        ),
      ),
      h("div", { class: "mw-line-below" }, this.#status, this.#chips),
      ...this.#store.leftOut.map((line) => h("p", { class: "mw-left-out" }, line)),
      h(
        "div",
        { class: "mw-panes" },
        region("mw-facets", "Filters by label", this.#facets),
        region("mw-ranges", "Filters by number", this.#ranges),
        this.#table.element,
        this.#map.element,
      ),
    );
    listen(fold, "click", () => {
      const unfolded = root.toggleAttribute("data-filters");
      fold.setAttribute("aria-expanded", String(unfolded));
    });
    return root;
  }

  #columnMenu(initial: string[]): HTMLElement {
    const names = [...this.#store.table.columns.keys()];
    const boxes = names.map((name) =>
      h("input", { type: "checkbox", value: name, checked: initial.includes(name) }),
    );
    const menu = h(
      "details",
      { class: "mw-menu" },
      h("summary", {}, "Columns"),
      h(
        "div",
        { role: "group", "aria-label": "Table columns" },
        ...boxes.map((box) => h("label", { title: box.value }, box, heading(box.value).title)),
      ),
    );
    listen(menu, "change", () => {
      this.#table.columns = names.filter((_, i) => boxes[i]?.checked);
    });
    listen(menu, "keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
    return menu;
  }

  #listen(): void {
    listen(this.#search, "input", () => this.#store.filter("search", this.#search.value, true));
    listen(this.#search, "paste", (event) => {
      const text = (event as ClipboardEvent).clipboardData?.getData("text") ?? "";
      const { ids } = parseRootIds(text);
      // A single id or word is a search; a list would lose its line breaks in the field.
      if (ids.length < 2) return;
      event.preventDefault();
      this.#store.filter("pt_root_id", ids);
    });
    listen(this.#search, "keydown", (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      this.#table.element.focus();
    });
  }

  #button(text: string, title: string, act: () => void): HTMLButtonElement {
    const button = h("button", { title }, text);
    listen(button, "click", act);
    return button;
  }

  #paintSearch(): void {
    const search = (this.#store.choice.filters.search ?? "") as string;
    if (this.#search.value !== search) this.#search.value = search;
  }

  // Filters that are not visible elsewhere on the screen.
  #paintChips(): void {
    const { pt_root_id: ids, area } = this.#store.choice.filters;
    const chip = (key: string, text: string) => {
      const button = h("button", { "aria-label": `Remove filter: ${text}` }, "×");
      listen(button, "click", () => this.#store.filter(key, null));
      return h("span", { class: "mw-chip" }, text, button);
    };
    const chips: HTMLElement[] = [];
    if (ids) chips.push(chip("pt_root_id", this.#idsText(ids as readonly string[])));
    if (area) chips.push(chip("area", "inside the lasso"));
    this.#chips.replaceChildren(...chips);
  }

  #idsText(ids: readonly string[]): string {
    const missing = ids.filter((id) => this.#store.ids.rowOf(id) < 0).length;
    const count = idCount(ids.length);
    return missing ? `${count}, ${grouped(missing)} of them not in this table` : count;
  }

  #setStatus(message = ""): void {
    const { rows, table, choice } = this.#store;
    const counts =
      `${grouped(rows.length)} of ${grouped(table.rows)} shown, ` +
      `${grouped(choice.selected.length)} selected`;
    const text = message ? `${counts}. ${message}` : counts;
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  #selectShown(): void {
    if (this.#store.add(this.#store.rows)) return;
    this.#setStatus(
      `At most ${grouped(LARGEST_SELECTION)} cells can be selected. In Python, picker.filtered ` +
        "has all cells that are shown.",
    );
  }

  #copyIds(): void {
    const { choice, rows, ids } = this.#store;
    const visible = () => Array.from(rows, ids.at).filter((id) => id !== "0");
    const copied = choice.selected.length ? choice.selected : visible();
    void this.#copy(copied.join("\n"), `${idCount(copied.length)} copied.`);
  }

  #copyCode(): void {
    const { choice, rows, ids, table } = this.#store;
    const { value, selected, filters } = choice;
    const visible = Array.from(rows, ids.at).filter((id) => id !== "0");
    const all = selected.length === visible.length && sameIds(selected, visible);
    let code = filtersCode(filters, table);
    if (selected.length && !all) code = idsCode(selected);
    else if (!selected.length && !Object.keys(filters).length && value !== null) code = value;
    const short = code.length > 80 ? `${code.slice(0, 80)}…` : code;
    void this.#copy(code, `Copied: ${short}`);
  }

  async #copy(text: string, done: string): Promise<void> {
    const copied = await copyText(text);
    this.#setStatus(copied ? done : "The browser does not allow this page to copy.");
  }
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  const ids = new Set(a);
  return b.every((id) => ids.has(id));
}

function facets(store: Store): FacetView[] {
  return [...store.table.columns.values()]
    .filter((column) => column.kind === "text" && column.labels.length <= MOST_LABELS)
    .map((column) => new FacetView(store, column as TextColumn));
}

function ranges(store: Store): RangeView[] {
  return [...store.table.columns.values()]
    .filter((column) => column.kind === "number" && column.name !== "x")
    .map((column) => new RangeView(store, column as NumberColumn));
}

function idCount(n: number): string {
  return n === 1 ? "1 root id" : `${grouped(n)} root ids`;
}
