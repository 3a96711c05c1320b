// Filters, table and map: beside each other, or one at a time in a narrow space.
import { h, listen } from "../../shared/dom";

export interface Parts {
  facets: HTMLElement[];
  ranges: HTMLElement[];
  table: HTMLElement;
  map: HTMLElement;
}

/** What a narrow picker shows. */
export type Pane = "list" | "map" | "filters";

export class Panes {
  readonly element: HTMLElement;
  /** Chooses between list, map and filters; hidden where all of them have space. */
  readonly switch: HTMLElement;
  readonly #filters = h("button", { class: "mw-to-filters" }, "Filters");
  readonly #map = h("button", { class: "mw-to-map" }, "Map");

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
    this.switch = h(
      "div",
      { class: "mw-switch", role: "group", "aria-label": "View" },
      this.#filters,
      this.#map,
    );
    // A second click leads back to the list.
    const toggle = (button: HTMLButtonElement, pane: Pane) =>
      listen(button, "click", () => {
        this.pane = this.element.dataset.pane === pane ? "list" : pane;
      });
    toggle(this.#filters, "filters");
    toggle(this.#map, "map");
    this.pane = "list";
  }

  set pane(pane: Pane) {
    this.element.dataset.pane = pane;
    this.#filters.setAttribute("aria-pressed", String(pane === "filters"));
    this.#map.textContent = pane === "map" ? "List" : "Map";
  }

  /** How many filters there are, on the button that shows them. */
  set filters(n: number) {
    this.#filters.textContent = n ? `Filters (${n})` : "Filters";
  }
}
