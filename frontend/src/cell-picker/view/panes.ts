// Filters, table and map: beside each other, or one at a time in a narrow space.
import { h, listen } from "../../shared/dom";

export interface Parts {
  facets: HTMLElement[];
  ranges: HTMLElement[];
  table: HTMLElement;
  map: HTMLElement;
}

/** What a narrow picker shows. */
type Pane = "list" | "map" | "filters";

export class Panes {
  readonly element: HTMLElement;
  /** Chooses between list, map and filters; hidden where all of them have space. */
  readonly switch: HTMLElement;
  readonly #buttons: Record<Pane, HTMLButtonElement>;

  constructor({ facets, ranges, table, map }: Parts) {
    const region = (name: string, label: string, filters: HTMLElement[]) =>
      h(
        "div",
        { class: `mw-filters ${name}`, role: "region", "aria-label": label, tabindex: 0 },
        ...filters,
      );
    this.element = h(
      "div",
      { class: "mw-panes", "data-pane": "list" },
      region("mw-facets", "Filters by label", facets),
      region("mw-ranges", "Filters by number", ranges),
      table,
      map,
    );
    const button = (pane: Pane, text: string) => {
      const element = h("button", { class: `mw-to-${pane}`, "aria-pressed": "false" }, text);
      listen(element, "click", () => {
        // A second click on the filters leads back to the list.
        const now = this.element.dataset.pane;
        this.pane = now === pane ? "list" : pane;
      });
      return element;
    };
    this.#buttons = {
      list: button("list", "List"),
      map: button("map", "Map"),
      filters: button("filters", "Filters"),
    };
    const { list, map: toMap, filters } = this.#buttons;
    this.switch = h(
      "div",
      { class: "mw-switch", role: "group", "aria-label": "View" },
      filters,
      list,
      toMap,
    );
    this.pane = "list";
  }

  set pane(pane: Pane) {
    this.element.dataset.pane = pane;
    for (const [name, button] of Object.entries(this.#buttons))
      button.setAttribute("aria-pressed", String(name === pane));
  }

  /** How many filters there are, on the button that shows them. */
  set filters(n: number) {
    this.#buttons.filters.textContent = n ? `Filters (${n})` : "Filters";
  }
}
