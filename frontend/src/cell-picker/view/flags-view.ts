// Conditions that a cell meets or not, such as having a skeleton: one checkbox each.
import type { FlagColumn } from "../../shared/columns";
import { SKELETON_COLUMN } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import type { Store } from "../store";
import { CellCount } from "./cell-count";
import { heading } from "./headings";

interface Line {
  column: FlagColumn;
  box: HTMLInputElement;
  row: HTMLElement;
  count: CellCount;
}

export class FlagsView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #lines: Line[];

  constructor(store: Store) {
    this.#store = store;
    const flags = [...store.table.columns.values()].filter((column) => column.kind === "flag");
    this.#lines = flags.map(lineOf);
    this.element = h(
      "div",
      { class: "mw-facet mw-flags", role: "group", "aria-label": "Conditions" },
      ...this.#lines.map(({ row }) => row),
    );
    if (!store.table.columns.has(SKELETON_COLUMN))
      this.element.append(
        h("p", {}, "Whether a cell has a skeleton is known only after you open it."),
      );
    listen(this.element, "change", (event) => {
      const { value, checked } = event.target as HTMLInputElement;
      store.filter(value, checked ? true : null);
    });
  }

  paint(): void {
    const { choice, crossfilter } = this.#store;
    for (const { column, box, row, count } of this.#lines) {
      const n = crossfilter.counts(column.values, 2, column.name)[1] ?? 0;
      box.checked = choice.filters[column.name] === true;
      count.value = n;
      row.toggleAttribute("data-none", n === 0);
    }
  }
}

function lineOf(column: FlagColumn): Line {
  const { title } = heading(column.name);
  const box = h("input", { type: "checkbox", value: column.name });
  const count = new CellCount();
  const name = h("span", { class: "mw-label" }, title);
  const row = h("label", { class: "mw-line" }, box, name, ...count.elements);
  return { column, box, row, count };
}
