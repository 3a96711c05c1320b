// The buttons and menus beside the search; in a narrow space they fold into one menu.
import { h, listen } from "../../shared/dom";
import type { Direction } from "../data/row-order";
import type { Store } from "../store";
import { columnOrder, heading } from "./headings";

export interface ToolbarActions {
  columns(names: string[]): void;
  selectShown(): void;
  copyIds(): void;
  copyCode(): void;
  saveCsv(): void;
}

export class Toolbar {
  /** The buttons, in a row. */
  readonly element = h("div", { class: "mw-tools" });
  readonly #store: Store;
  readonly #actions: HTMLElement;
  readonly #menu = h(
    "details",
    { class: "mw-menu mw-more" },
    h("summary", {}, "More"),
    h("div", { class: "mw-tools" }),
  );
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly #sort: HTMLSelectElement;

  constructor(store: Store, initial: readonly string[], actions: ToolbarActions) {
    this.#store = store;
    this.#undo = button("Undo", "Undo the last change (Ctrl+Z)", () => store.undo());
    this.#redo = button("Redo", "Redo the change that was undone (Ctrl+Shift+Z)", () =>
      store.redo(),
    );
    this.#sort = sortMenu(store);
    this.#actions = h(
      "div",
      { class: "mw-tools" },
      h("label", { class: "mw-sort" }, "Sort by ", this.#sort),
      columnMenu(store, initial, actions.columns),
      button("Select shown", "Select all cells that are shown (Ctrl+A in the table)", () =>
        actions.selectShown(),
      ),
      this.#undo,
      this.#redo,
      button(
        "Copy ids",
        "Copy the selected root ids, or all that are shown if none is selected",
        () => actions.copyIds(),
      ),
      button("Copy as Python", "Copy a line of Python that returns these cells", () =>
        actions.copyCode(),
      ),
      button(
        "CSV",
        "Save the selected cells with all columns, or all that are shown if none is selected",
        () => actions.saveCsv(),
      ),
    );
    this.element.append(this.#actions);
    closeByEscape(this.#menu);
  }

  /** Folds everything into one menu. */
  set narrow(narrow: boolean) {
    if (narrow === this.#actions.parentElement?.matches(".mw-more > div")) return;
    if (narrow) {
      this.#menu.lastElementChild?.replaceChildren(this.#actions);
      this.element.replaceChildren(this.#menu);
    } else this.element.replaceChildren(this.#actions);
  }

  paint(): void {
    this.#undo.disabled = !this.#store.canUndo;
    this.#redo.disabled = !this.#store.canRedo;
    const { sort } = this.#store;
    const value = sort ? `${sort.direction} ${sort.column}` : "";
    if (this.#sort.value !== value) this.#sort.value = value;
  }
}

function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const element = h("button", { title }, text);
  listen(element, "click", act);
  return element;
}

function closeByEscape(menu: HTMLDetailsElement): void {
  listen(menu, "keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

function columnMenu(
  store: Store,
  initial: readonly string[],
  show: (names: string[]) => void,
): HTMLElement {
  const names = columnOrder(store.table);
  const boxes = names.map((name) =>
    h("input", { type: "checkbox", value: name, checked: initial.includes(name) }),
  );
  const menu = h(
    "details",
    { class: "mw-menu mw-columns" },
    h("summary", {}, "Columns"),
    h(
      "div",
      { role: "group", "aria-label": "Table columns" },
      ...boxes.map((box) => h("label", { title: box.value }, box, heading(box.value).title)),
    ),
  );
  listen(menu, "change", () => show(names.filter((_, i) => boxes[i]?.checked)));
  closeByEscape(menu);
  return menu;
}

// For lists without headings; where there are headings, a click on one of them sorts.
function sortMenu(store: Store): HTMLSelectElement {
  const directions = { ascending: "▲", descending: "▼" };
  const options = columnOrder(store.table).flatMap((name) =>
    Object.entries(directions).map(([direction, mark]) =>
      h("option", { value: `${direction} ${name}` }, `${heading(name).title} ${mark}`),
    ),
  );
  const menu = h("select", {}, h("option", { value: "" }, "proofread first"), ...options);
  listen(menu, "change", () => {
    const [direction = "", ...name] = menu.value.split(" ");
    store.sortBy(name.join(" "), (direction || null) as Direction | null);
  });
  return menu;
}
