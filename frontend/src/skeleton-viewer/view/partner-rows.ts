// The rows of the partner table, as a grid that is walked with the arrow keys.
import { h, listen, svg } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { RootId } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import type { Row, SortKey } from "../data/partner-table";
import { type Column, numberText, rowText } from "./partner-columns";
import type { TableActs } from "./partner-table-view";
import { FRAGMENT, rowTypeText } from "./partner-text";

export interface RowActs extends TableActs {
  sort(key: SortKey): void;
  /** Shows the partners in a row for a type. */
  open(row: Row): void;
}

export interface Sort {
  key: SortKey | null;
  descending: boolean;
}

/** All rows would take long to build; more are added when the table is scrolled to its end. */
const AT_ONCE = 60;
/** So near the end, in pixels, counts as scrolled to it. */
const NEAR = 200;
const PAGE = 10;

export class PartnerRows {
  /** Scrolls. */
  readonly el: HTMLElement;
  readonly #acts: RowActs;
  readonly #head = h("thead");
  readonly #body = h("tbody");
  readonly #more = h("button", { type: "button", class: "skv-link skp-more", hidden: true });
  #rows: readonly Row[] = [];
  #columns: readonly Column[] = [];
  #theme: Theme = "light";
  #active = 0;
  // Reading or setting scrollTop lays the page out, which takes long with many viewers on it.
  #scrolled = false;
  #marked: RootId | null = null;
  #lit = new Set<RootId>();
  #pointed: Row | null = null;

  constructor(acts: RowActs) {
    this.#acts = acts;
    const hint = "Enter marks a partner's synapses in the picture";
    this.el = h(
      "div",
      { class: "skp-scroll", tabindex: -1 },
      h("table", { role: "grid", "aria-label": `Partners. ${hint}.` }, this.#head, this.#body),
      this.#more,
    );
    listen(this.#more, "click", () => {
      const first = this.#body.rows.length;
      this.#extend();
      this.#focus(first);
    });
    listen(this.el, "scroll", () => {
      this.#scrolled = true;
      const { scrollTop, clientHeight, scrollHeight } = this.el;
      // Rows added above the button would push it out of sight while it has the focus.
      if (this.#more.matches(":focus")) return;
      if (scrollTop > 0 && scrollTop + clientHeight > scrollHeight - NEAR) this.#extend();
    });
    listen(this.#head, "click", (event) => {
      const key = (event.target as Element).closest<HTMLElement>("button")?.dataset.sort;
      if (key) acts.sort(key as SortKey);
    });
    listen(this.#body, "click", (event) => this.#click(event));
    listen(this.#body, "keydown", (event) => this.#key(event));
    listen(this.#body, "pointerover", (event) => {
      if (event.pointerType !== "touch") this.#point(this.#rowAt(event));
    });
    listen(this.#body, "pointerleave", () => this.#point(null));
    listen(this.#body, "focusin", (event) => {
      this.#activate(this.#placeOf(event));
      if (this.#body.matches(":has(:focus-visible)")) this.#point(this.#rowAt(event));
    });
    listen(this.#body, "focusout", () => this.#point(null));
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    for (const [place, element] of this.#elements())
      this.#fill(element, this.#rows[place] as Row, place);
  }

  show(rows: readonly Row[], columns: readonly Column[], sort: Sort): void {
    const before = { rows: this.#rows, columns: this.#columns };
    [this.#rows, this.#columns] = [rows, columns];
    this.#showTitles(columns, before.columns, sort);
    if (keyOf(rows, columns) === keyOf(before.rows, before.columns)) {
      // Such as when the skeleton brings the distances: the table stays scrolled as it is, and a
      // row that is just being clicked is not replaced.
      for (const [place, element] of this.#elements())
        this.#fill(element, rows[place] as Row, place);
      this.#point(this.#pointed && (rows[before.rows.indexOf(this.#pointed)] ?? null));
      return;
    }
    this.#active = 0;
    this.#point(null);
    // The focus stays in the table, so that the viewer still receives keys such as Alt and arrows.
    // While the next cell is loaded there are no rows.
    const inside = this.#body.matches(":focus-within") || this.el.matches(":focus");
    this.#body.replaceChildren();
    this.#extend();
    if (inside) (this.#body.rows[0] ?? this.el).focus({ preventScroll: true });
    if (this.#scrolled) this.el.scrollTop = 0;
    this.#scrolled = false;
  }

  mark(id: RootId | null): void {
    this.#marked = id;
    for (const [place, element] of this.#elements()) {
      const row = this.#rows[place] as Row;
      element.setAttribute("aria-selected", String(row.id !== null && row.id === id));
    }
  }

  /** Lights rows up, and scrolls to the first of them. */
  light(ids: readonly RootId[]): void {
    this.#lit = new Set(ids);
    for (const [place, element] of this.#elements()) {
      const id = this.#rows[place]?.id;
      element.classList.toggle("skp-lit", id != null && this.#lit.has(id));
    }
    const first = this.#body.querySelector<HTMLElement>(".skp-lit");
    if (!first) return;
    const { offsetTop, offsetHeight } = first;
    const head = this.#head.offsetHeight;
    const { scrollTop, clientHeight } = this.el;
    // Not scrollIntoView, which would move the page, too.
    if (offsetTop < scrollTop + head || offsetTop + offsetHeight > scrollTop + clientHeight)
      this.el.scrollTop = offsetTop - head;
  }

  #showTitles(columns: readonly Column[], before: readonly Column[], sort: Sort): void {
    if (keyOf([], columns) !== keyOf([], before)) {
      const titles = columns.map(({ key, title, hint }) => {
        const button = h("button", { type: "button", "data-sort": key, title: hint }, title);
        return h("th", { scope: "col", class: isNumber(key) && "skp-number" }, button);
      });
      this.#head.replaceChildren(h("tr", {}, ...titles));
    }
    columns.forEach(({ key }, place) => {
      const sorted = key === sort.key ? (sort.descending ? "descending" : "ascending") : "none";
      this.#head.rows[0]?.cells[place]?.setAttribute("aria-sort", sorted);
    });
  }

  /** Writes the numbers and the colour of a row, and what it says as a whole. */
  #fill(element: HTMLTableRowElement, row: Row, place: number): void {
    const at = `row ${grouped(place + 1)} of ${grouped(this.#rows.length)}`;
    element.setAttribute("aria-label", rowText(row, this.#columns, at));
    const fill = row.isCell ? color(row.type, this.#theme) : "none";
    element.querySelector("circle")?.setAttribute("fill", fill);
    this.#columns.forEach(({ key }, place) => {
      if (!isNumber(key)) return;
      const cell = element.cells[place] as HTMLElement;
      const text = numberText(row, key);
      if (cell.textContent !== text) cell.textContent = text;
    });
  }

  #elements(): [number, HTMLTableRowElement][] {
    return [...this.#body.rows].map((element, place) => [place, element]);
  }

  /** Adds rows at the end. */
  #extend(): void {
    const first = this.#body.rows.length;
    const added = this.#rows.slice(first, first + AT_ONCE);
    this.#body.append(...added.map((row, place) => this.#element(row, first + place)));
    const left = this.#rows.length - first - added.length;
    this.#more.hidden = left === 0;
    this.#more.textContent = `Show ${grouped(Math.min(left, AT_ONCE))} more of ${grouped(this.#rows.length)} rows`;
  }

  #element(row: Row, place: number): HTMLElement {
    const selected = row.id !== null && row.id === this.#marked;
    const cells = this.#columns.map(({ key }) => {
      if (key === "id") return h("td", {}, idCell(row, place === this.#active));
      if (key === "type") return h("td", {}, h("span", { class: "skp-type" }, ...typeCell(row)));
      return h("td", { class: "skp-number" });
    });
    const attributes = {
      tabindex: place === this.#active ? 0 : -1,
      "aria-selected": String(selected),
      class: row.id !== null && this.#lit.has(row.id) && "skp-lit",
    };
    const element = h("tr", attributes, ...cells);
    this.#fill(element, row, place);
    return element;
  }

  #placeOf(event: Event): number {
    const element = (event.target as Element).closest("tr");
    return element ? [...this.#body.rows].indexOf(element) : -1;
  }

  #rowAt(event: Event): Row | null {
    return this.#rows[this.#placeOf(event)] ?? null;
  }

  #point(row: Row | null): void {
    if (row === this.#pointed) return;
    this.#pointed = row;
    this.#acts.point(row);
  }

  #click(event: MouseEvent): void {
    const row = this.#rowAt(event);
    if (!row) return;
    if (row.id !== null && (event.target as Element).closest("button")) this.#acts.go(row.id);
    else this.#choose(row);
  }

  /** Marks a partner, clears its mark, or shows the partners of a type. */
  #choose(row: Row): void {
    if (row.id === null) this.#acts.open(row);
    else this.#acts.mark(row.id === this.#marked ? null : row.id);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (/Down|End/.test(key) && this.#active + PAGE >= this.#body.rows.length) this.#extend();
    const last = this.#body.rows.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + PAGE,
      PageUp: this.#active - PAGE,
      Home: 0,
      End: last,
    };
    const target = steps[key];
    const onButton = (event.target as Element).closest("button") !== null;
    if (target !== undefined) this.#focus(Math.max(0, Math.min(last, target)));
    else if ((key === "Enter" || key === " ") && !onButton) {
      const row = this.#rows[this.#active];
      if (row) this.#choose(row);
    } else if (key === "Escape") this.#acts.mark(null);
    else return;
    event.preventDefault();
  }

  #focus(place: number): void {
    this.#activate(place);
    this.#body.rows[place]?.focus();
  }

  /** The row that the Tab key reaches, with the button in it. */
  #activate(place: number): void {
    if (place < 0 || place === this.#active) return;
    this.#setTabIndex(this.#active, -1);
    this.#active = place;
    this.#setTabIndex(place, 0);
  }

  #setTabIndex(place: number, tabIndex: number): void {
    const row = this.#body.rows[place];
    if (!row) return;
    row.tabIndex = tabIndex;
    for (const button of row.querySelectorAll("button")) button.tabIndex = tabIndex;
  }
}

/** What a table shows besides its numbers. */
function keyOf(rows: readonly Row[], columns: readonly Column[]): string {
  return JSON.stringify([
    columns.map(({ key }) => key),
    rows.map(({ group, id, onView }) => [group, id, onView]),
  ]);
}

function isNumber(key: SortKey): key is Exclude<SortKey, "id" | "type"> {
  return key !== "id" && key !== "type";
}

function idCell({ id, isCell, onView }: Row, active: boolean): HTMLElement {
  const digits = idDigits(id ?? "");
  if (onView) return h("span", { title: "One of the cells shown" }, ...digits);
  if (!isCell) return h("span", { class: "skp-fragment", title: FRAGMENT }, ...digits);
  const attributes = { type: "button", class: "skv-link", title: "Show this cell" };
  return h("button", { ...attributes, tabindex: active ? 0 : -1 }, ...digits);
}

/** An id, of which a narrow table shows the last digits: the first ones are the same for all. */
function idDigits(id: RootId): (Element | string)[] {
  if (id.length < 18) return [id];
  return [h("span", { class: "skp-alike" }, id.slice(0, 12)), id.slice(12)];
}

function typeCell(row: Row): (Element | string)[] {
  const swatch = svg(
    "svg",
    { class: "skv-swatch", viewBox: "0 0 12 12", "aria-hidden": "true" },
    svg("circle", { cx: 6, cy: 6, r: 4.5 }),
  );
  return [swatch, rowTypeText(row)];
}
