// A chip for each filter and for the selection, each with a button that removes it.
import { h, listen } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import type { Filter, Range } from "../data/filters";
import type { Store } from "../store";
import { heading, labelText, titleWithoutUnit } from "./headings";

// More labels are counted instead of listed.
const MOST_LISTED = 3;
const SELECTION = "selected cells";
const IDS = "pt_root_id";

export class ChipsView {
  readonly element = h("div", { class: "mw-chips", role: "group", "aria-label": "Active filters" });
  readonly #list = h("div", { class: "mw-chip-list" });
  // Outside the list, which may scroll.
  readonly #clear = h("button", { class: "mw-clear" }, "Clear all");
  readonly #store: Store;
  readonly #leave: () => void;

  /** `leave` takes the focus when the last chip is removed. */
  constructor(store: Store, leave: () => void) {
    this.#store = store;
    this.#leave = leave;
    this.element.append(this.#list, this.#clear);
    listen(this.element, "click", (event) => this.#click(event.target as Element));
    listen(this.element, "keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace")
        this.#delete(event.target as Element);
    });
  }

  paint(): void {
    const { filters, selected } = this.#store.choice;
    const buttons = [...this.element.querySelectorAll("button")];
    const focused = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const chips = Object.entries(filters).map(([key, filter]) =>
      chip(key, filterText(this.#store, key, filter)),
    );
    if (selected.length) chips.push(this.#selectionChip());
    this.element.hidden = chips.length === 0;
    this.#list.replaceChildren(...chips);
    if (focused < 0) return;
    const now = this.element.querySelectorAll("button");
    if (chips.length) now[Math.min(focused, now.length - 1)]?.focus();
    else this.#leave();
  }

  #selectionChip(): HTMLElement {
    const { filters, selected } = this.#store.choice;
    const { [IDS]: ids, ...others } = filters;
    const alone = Object.keys(others).length === 0;
    const listed = alone && sameIds(selected, (ids ?? []) as readonly string[]);
    const element = chip(SELECTION, `${grouped(selected.length)} selected`);
    const title =
      "Show only the selected cells, without the other filters; Undo brings the others back";
    const only = h("button", { class: "mw-only", title }, "List only these");
    if (!listed) element.querySelector("span")?.after(only);
    return element;
  }

  // Deleting removes the chip, whichever of its buttons has the focus.
  #delete(target: Element): void {
    this.#click(target.closest(".mw-chip")?.querySelector("[data-remove]") ?? target);
  }

  #click(target: Element): void {
    const button = target.closest("button");
    if (!button) return;
    const { remove } = button.dataset;
    if (button.matches(".mw-only")) this.#store.listOnly(this.#store.choice.selected);
    else if (remove === undefined) this.#store.clear();
    else if (remove === SELECTION) this.#store.select([]);
    else this.#store.filter(remove, null);
  }
}

function chip(key: string, text: string): HTMLElement {
  const label = key === SELECTION ? `Clear the selection: ${text}` : `Remove filter: ${text}`;
  const button = h("button", { "aria-label": label, title: label, "data-remove": key }, "×");
  return h("span", { class: "mw-chip" }, h("span", {}, text), button);
}

/** A filter in words, such as "type: BC, MC". */
export function filterText(store: Store, key: string, filter: Filter): string {
  if (key === "search") return `search: ${filter}`;
  if (key === "area") return "inside an area of the map";
  const column = store.table.columns.get(key);
  const { title } = heading(key);
  switch (column?.kind) {
    case "flag":
      return filter ? title : `not: ${title}`;
    case "ids":
      return idsText(store, filter as readonly string[]);
    case "number":
      return rangeText(titleWithoutUnit(key), filter as Range);
    default: {
      const labels = filter as readonly string[];
      const listed = labels.slice(0, MOST_LISTED).map(labelText).join(", ");
      const more = labels.length - MOST_LISTED;
      return `${title}: ${listed}${more > 0 ? ` and ${more} more` : ""}`;
    }
  }
}

function rangeText({ name, unit }: { name: string; unit: string }, [low, high]: Range): string {
  const after = unit && ` ${unit}`;
  if (low === null) return `${name} up to ${high}${after}`;
  if (high === null) return `${name} from ${low}${after}`;
  return `${name} ${low} to ${high}${after}`;
}

function idsText(store: Store, ids: readonly string[]): string {
  if (store.saved && sameIds(ids, store.saved)) return `saved in this file: ${grouped(ids.length)}`;
  const missing = ids.filter((id) => store.ids.rowOf(id) < 0).length;
  const count = idCount(ids.length);
  return missing ? `${count}, ${grouped(missing)} of them not in this table` : count;
}

/** A number of root ids with its noun. */
export function idCount(n: number): string {
  return n === 1 ? "1 root id" : `${grouped(n)} root ids`;
}

/** Whether two lists have the same ids, in any order. */
export function sameIds(a: readonly string[], b: readonly string[]): boolean {
  const ids = new Set(a);
  return a.length === b.length && b.every((id) => ids.has(id));
}
