// A facet: the labels of a text column, each with a checkbox and the number of cells it would give.
import type { TextColumn } from "../../shared/columns";
import { h, listen } from "../../shared/dom";
import { color, typeOrder } from "../../shared/palette";
import type { Theme } from "../../shared/theme";
import type { Store } from "../store";
import { CellCount } from "./cell-count";
import { heading, labelText } from "./headings";
import "./filters.css";

interface Line {
  code: number;
  box: HTMLInputElement;
  row: HTMLElement;
  count: CellCount;
  swatch: HTMLElement;
}

export class FacetView {
  readonly element: HTMLDetailsElement;
  readonly #store: Store;
  readonly #column: TextColumn;
  readonly #lines: Line[];

  constructor(store: Store, column: TextColumn) {
    this.#store = store;
    this.#column = column;
    const { title, unfolded } = heading(column.name);
    this.#lines = typeOrder(column.labels).map((label) => this.#line(label));
    this.element = h(
      "details",
      { class: "mw-facet", open: unfolded === true, "data-filter": column.name },
      h("summary", {}, title),
      h("div", { role: "group", "aria-label": title }, ...this.#lines.map((line) => line.row)),
    );
    listen(this.element, "toggle", () => this.paint());
    listen(this.element, "change", () => this.#tick());
  }

  set theme(theme: Theme) {
    for (const { box, swatch } of this.#lines) swatch.style.background = color(box.value, theme);
  }

  /** Updates the counts, if the facet is unfolded. */
  paint(): void {
    const { name, codes, labels } = this.#column;
    const ticked = (this.#store.choice.filters[name] ?? []) as readonly string[];
    this.element.toggleAttribute("data-filtering", ticked.length > 0);
    if (!this.element.open) return;
    const counts = this.#store.crossfilter.counts(codes, labels.length, name);
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    for (const { code, box, row, count } of this.#lines) {
      const n = counts[code] ?? 0;
      box.checked = ticked.includes(labels[code] ?? "");
      count.value = n;
      row.style.setProperty("--mw-share", (n / most).toFixed(3));
      row.toggleAttribute("data-none", n === 0);
    }
  }

  #line(label: string): Line {
    const box = h("input", { type: "checkbox", value: label });
    const count = new CellCount();
    const name = h("span", { class: "mw-label", title: label }, ...breakable(labelText(label)));
    const swatch = h("span", { class: "mw-swatch", "aria-hidden": "true" });
    const row = h("label", { class: "mw-line" }, box, swatch, name, ...count.elements);
    return { code: this.#column.labels.indexOf(label), box, row, count, swatch };
  }

  #tick(): void {
    const ticked = this.#lines.filter((line) => line.box.checked).map((line) => line.box.value);
    this.#store.filter(this.#column.name, ticked);
  }
}

// A line may break after "_": axon_partially_extended is longer than a line.
function breakable(text: string): (string | HTMLElement)[] {
  const parts = text.split(/(?<=_)/);
  return parts.flatMap((part, i) => (i ? [h("wbr"), part] : [part]));
}
