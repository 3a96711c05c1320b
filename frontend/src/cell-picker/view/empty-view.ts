// What the table says if no cell matches, with a way out.
import { h, listen } from "../../shared/dom";
import { counted } from "../../shared/number-format";
import type { Store } from "../store";
import { filterText } from "./chips-view";

export class EmptyView {
  readonly element = h("div", { class: "mw-empty", hidden: true });
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  paint(): void {
    const { rows, choice, table } = this.#store;
    this.element.hidden = rows.length > 0;
    if (rows.length > 0) return;
    const { strictest } = this.#store;
    const filter = strictest && choice.filters[strictest.key];
    if (!strictest || filter === null || filter === undefined) {
      this.element.replaceChildren(
        h("p", {}, table.rows ? "No cell matches." : "There are no cells."),
      );
      return;
    }
    const { key, rows: found } = strictest;
    const several = Object.keys(choice.filters).length > 1;
    const text = filterText(this.#store, key, filter);
    const remedy = found ? `Removing “${text}” would show ${counted(found, "cell")}.` : "";
    const button = h("button", {}, found || !several ? `Remove “${text}”` : "Remove all filters");
    listen(button, "click", () => {
      if (found || !several) this.#store.filter(key, null);
      else this.#store.clearFilters();
    });
    this.element.replaceChildren(h("p", {}, `No cell matches. ${remedy}`), button);
  }
}
