// The whole picker: search and buttons at the top; filters, table and map below.

import { copyText } from "../../shared/clipboard";
import type { NumberColumn, TextColumn } from "../../shared/columns";
import { LARGEST_SELECTION } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import { download } from "../../shared/download";
import { grouped } from "../../shared/number-format";
import { outLink } from "../../shared/out-link";
import { parseRootIds, type RootId } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import { cellsCsv } from "../export/cells-csv";
import { filtersCode, idsCode } from "../export/python-code";
import type { Store } from "../store";
import { ChipsView, idCount, sameIds } from "./chips-view";
import { FacetView } from "./facet-view";
import { FlagsView } from "./flags-view";
import { cellText, heading, initialColumns, PROOFREADING, TYPE } from "./headings";
import { MapView } from "./map-view";
import { Panes } from "./panes";
import { RangeView } from "./range-view";
import { searchRemarks } from "./search-remarks";
import { TableView } from "./table-view";
import { Toolbar } from "./toolbar";
import "./picker.css";
import "./narrow.css";

// A text column with more labels has no facet, but the search finds them.
const MOST_LABELS = 40;
// In a narrower container the table becomes a list of two lines for each cell, as in narrow.css.
const NARROW = 480;

export class PickerView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #table: TableView;
  readonly #map: MapView;
  readonly #facets: FacetView[];
  readonly #filters: { paint(): void }[];
  readonly #toolbar: Toolbar;
  readonly #chips: ChipsView;
  readonly #panes: Panes;
  readonly #root: HTMLElement;
  readonly #resized: ResizeObserver;
  readonly #search = h("input", {
    type: "search",
    placeholder: "Search: basket, layer 5, root id …",
    "aria-label": "Search cells by type, layer, region or root id, or paste root ids",
    spellcheck: "false",
  });
  readonly #status = h("output", { class: "mw-status", role: "status" });
  readonly #links = h("span", { class: "mw-links" });
  /** What was chosen or sorted, for screen readers; the eye sees a mark in the table. */
  readonly #announcement = h("div", { class: "mw-aloud", "aria-live": "polite" });
  #dirty = { rows: true, choice: true };
  #frame = 0;
  #restFrame = 0;
  #started = false;
  #fitFrame = 0;
  #said: Record<"sort" | "value", string> = { sort: "", value: "" };

  /** `hover` tells linked widgets which cells the pointer is on. */
  constructor(store: Store, hover: (ids: readonly RootId[]) => void) {
    this.#store = store;
    const columns = initialColumns(store.table);
    const hovered = (row: number) =>
      hover(row >= 0 && store.isCell(row) ? [store.ids.at(row)] : []);
    this.#table = new TableView(store, columns, {
      copyIds: () => this.#copyIds(),
      selectShown: () => this.#selectShown(),
      hover: (row) => {
        hovered(row);
        this.#map.light(new Set(row >= 0 ? [row] : []));
      },
    });
    this.#map = new MapView(store, {
      hover: (row) => {
        hovered(row);
        this.#table.light(new Set(row >= 0 ? [row] : []));
      },
      select: (rows, adding) => this.#select(rows, adding ? store.choice.selected : []),
    });
    this.#facets = facets(store);
    const flags = new FlagsView(store);
    const ranges = rangesOf(store);
    this.#filters = [flags, ...this.#facets, ...ranges];
    this.#toolbar = new Toolbar(store, columns, {
      columns: (names) => {
        this.#table.columns = names;
      },
      selectShown: () => this.#selectShown(),
      copyIds: () => this.#copyIds(),
      copyCode: () => this.#copyCode(),
      saveCsv: () => this.#saveCsv(),
    });
    this.#chips = new ChipsView(store, () => this.#search.focus());
    const [first, ...others] = this.#facets.map(({ element }) => element);
    this.#panes = new Panes({
      facets: [...(first ? [first] : []), flags.element, ...others],
      ranges: ranges.map(({ element }) => element),
      table: this.#table.element,
      map: this.#map.element,
    });
    this.#root = h(
      "div",
      { class: "mw-picker", role: "group", "aria-label": "Cell picker" },
      h(
        "div",
        { class: "mw-bar", role: "search" },
        this.#search,
        this.#panes.switch,
        this.#toolbar.element,
      ),
      h("div", { class: "mw-line-below" }, this.#status, this.#links, this.#chips.element),
      h("div", { class: "mw-notes" }, ...store.leftOut.map(note)),
      this.#panes.element,
      this.#announcement,
    );
    this.element = h("div", { class: "mw-picker-frame" }, this.#root);
    // In the next frame, since this may change the size again.
    this.#resized = new ResizeObserver(() => {
      cancelAnimationFrame(this.#fitFrame);
      this.#fitFrame = requestAnimationFrame(() => this.#fit());
    });
    this.#resized.observe(this.element);
    this.#listen();
    store.on((change) => {
      this.#dirty[change] = true;
      this.#schedulePaint();
    });
    this.paint();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#restFrame);
    cancelAnimationFrame(this.#fitFrame);
    this.#resized.disconnect();
    this.#table.destroy();
    this.#map.destroy();
  }

  /** The page's theme; it is set as soon as the picker is on the page. */
  set theme(theme: Theme) {
    this.#fit();
    this.#root.dataset.theme = theme;
    this.#map.theme = theme;
    this.#table.theme = theme;
    for (const facet of this.#facets) facet.theme = theme;
  }

  #fit(): void {
    const narrow = this.element.clientWidth < NARROW;
    this.#table.narrow = narrow;
    this.#toolbar.narrow = narrow;
  }

  /** Lights up the cells that the pointer is on in a linked widget. */
  light(ids: readonly RootId[]): void {
    const rows = new Set(ids.map(this.#store.ids.rowOf).filter((row) => row >= 0));
    this.#map.light(rows);
    this.#table.light(rows);
  }

  /** Paints what has changed. */
  paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { rows, choice } = this.#dirty;
    this.#dirty = { rows: false, choice: false };
    if (rows) {
      this.#table.paintFromTop();
      this.#paintSearch();
      this.#panes.filters = Object.keys(this.#store.choice.filters).length;
    }
    if (rows || choice) this.#chips.paint();
    if (choice) {
      this.#table.paintChoice();
      this.#paintLinks();
    }
    this.#announce();
    this.#setStatus();
    this.#toolbar.paint();
    if (this.#started) this.#paintRest(rows);
    else {
      // The first rows do not wait for the counts and the map.
      this.#started = true;
      this.#restFrame = requestAnimationFrame(() => {
        this.#restFrame = requestAnimationFrame(() => this.#paintRest(true));
      });
    }
  }

  #paintRest(rows: boolean): void {
    if (rows) for (const filter of this.#filters) filter.paint();
    this.#map.paint();
  }

  #schedulePaint(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.paint());
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
      const { rows } = this.#store;
      if (event.key === "Enter" && rows.length === 1) this.#store.choose(rows[0] as number);
      else if (event.key === "ArrowDown" || (event.key === "Enter" && rows.length > 1)) {
        this.#panes.pane = "list";
        this.#table.grid.focus();
      } else return;
      event.preventDefault();
    });
    listen(this.#root, "keydown", (event) => {
      if (this.#key(event)) event.preventDefault();
    });
  }

  // Keys that work everywhere in the widget, except in fields that have their own.
  #key(event: KeyboardEvent): boolean {
    if (isTextField(event.target as Element)) return false;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z") event.shiftKey ? this.#store.redo() : this.#store.undo();
      else if (key === "y") this.#store.redo();
      else return false;
      return true;
    }
    if (key !== "escape" || this.#map.cancel() || !this.#store.choice.selected.length) return false;
    this.#store.select([]);
    return true;
  }

  #paintLinks(): void {
    const links = this.#store.outLinks;
    // A link that is replaced loses the focus.
    if (links.join() === this.#links.dataset.shown) return;
    this.#links.dataset.shown = links.join();
    this.#links.replaceChildren(...links.map(outLink));
  }

  #paintSearch(): void {
    const { search } = this.#store;
    if (this.#search.value !== search) this.#search.value = search;
  }

  #setStatus(message = ""): void {
    const { rows, table, choice } = this.#store;
    const counts =
      `${grouped(rows.length)} of ${grouped(table.rows)} shown, ` +
      `${grouped(choice.selected.length)} selected`;
    const text = [counts, ...this.#remarks(), message].filter(Boolean).join(". ");
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  // A choice in a linked widget is announced there; the words here are then no longer true.
  #announce(): void {
    const { sort, choice, table, valueRow } = this.#store;
    const type = table.columns.get(TYPE);
    const cell = type && valueRow >= 0 ? `${cellText(type, valueRow)} cell` : "cell";
    const texts = {
      sort: sort ? `Sorted by ${heading(sort.column).title}, ${sort.direction}` : "Not sorted",
      value: choice.value ? `Chosen: ${cell} ${choice.value}` : "No cell is chosen",
    };
    const changed = (["sort", "value"] as const).find((key) => texts[key] !== this.#said[key]);
    this.#said = texts;
    const here = this.#root.contains(this.#root.ownerDocument.activeElement);
    if (changed) this.#announcement.textContent = here ? texts[changed] : "";
  }

  #remarks(): string[] {
    const { search, valueRow, table } = this.#store;
    const meant = searchRemarks(table, search);
    const flags = [...table.columns.values()].filter((column) => column.kind === "flag");
    const lacking = flags.filter((flag) => valueRow >= 0 && flag.at(valueRow) === false);
    const absent = lacking.map(({ name }) => heading(name).without ?? `is not ${name}`);
    return absent.length ? [...meant, `The chosen cell ${absent.join(" and ")}`] : meant;
  }

  #selectShown(): void {
    this.#select(this.#store.rows, this.#store.choice.selected);
  }

  #select(rows: Iterable<number>, others: readonly RootId[]): void {
    if (this.#store.selectRows(rows, others)) return;
    this.#setStatus(
      `At most ${grouped(LARGEST_SELECTION)} cells can be selected. In Python, picker.filtered ` +
        "has all cells that are shown",
    );
  }

  get #shownIds(): RootId[] {
    return Array.from(this.#store.rows, this.#store.ids.at).filter((id) => id !== "0");
  }

  #copyIds(): void {
    const { selected } = this.#store.choice;
    const copied = selected.length ? selected : this.#shownIds;
    void this.#copy(copied.join("\n"), `${idCount(copied.length)} copied`);
  }

  #copyCode(): void {
    const { value, selected, filters } = this.#store.choice;
    const visible = this.#shownIds;
    const all = sameIds(selected, visible);
    let code = filtersCode(filters, this.#store.table, () => visible);
    if (selected.length && !all) code = idsCode(selected);
    else if (!selected.length && !Object.keys(filters).length && value !== null) code = value;
    const short = code.length > 80 ? `${code.slice(0, 80)}…` : code;
    void this.#copy(code, `Copied: ${short}`);
  }

  #saveCsv(): void {
    const { table, choice, ids, rows } = this.#store;
    const saved = choice.selected.length ? choice.selected.map(ids.rowOf) : rows;
    download("cells.csv", new Blob(cellsCsv(table, saved), { type: "text/csv" }));
    this.#setStatus(`cells.csv has ${grouped(saved.length)} rows`);
  }

  async #copy(text: string, done: string): Promise<void> {
    const copied = await copyText(text);
    this.#setStatus(
      copied ? done : "The browser does not allow this page to copy. Save the cells as CSV instead",
    );
  }
}

function note(text: string): HTMLElement {
  return h("p", { class: "mw-left-out" }, text);
}

function isTextField(element: Element): boolean {
  return element.matches("input:not([type=checkbox]), textarea, select");
}

/** Proofreading first: it decides whether a cell's synapses are complete. */
function facets(store: Store): FacetView[] {
  const rank = ({ name }: TextColumn) => (name === PROOFREADING ? 0 : 1);
  return [...store.table.columns.values()]
    .filter((column) => column.kind === "text")
    .filter((column) => column.labels.length <= MOST_LABELS)
    .sort((a, b) => rank(a) - rank(b))
    .map((column) => new FacetView(store, column));
}

function rangesOf(store: Store): RangeView[] {
  return [...store.table.columns.values()]
    .filter((column) => column.kind === "number" && column.name !== "x")
    .map((column) => new RangeView(store, column as NumberColumn));
}
