// The legend on the page: what colours mean, numbers of synapses, and checkboxes that show and hide
// them.
import { clipped } from "../../shared/clipped";
import { h, listen, renew, svg } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import type { RootId } from "../../shared/root-ids";
import type { Cell } from "../data/cell";
import { typeCounts } from "../data/synapse-counts";
import { type Directions, includesDirection } from "../state";
import {
  type LegendInput,
  type LegendRow,
  type LegendSection,
  legendSections,
  pairSections,
  type Ramp,
  type Swatch,
} from "./legend-content";

export interface LegendActs {
  show(directions: Directions): void;
  hide(types: string[]): void;
  /** Draws again, since other cells are shown. */
  redraw(): void;
}

export class LegendView {
  readonly el = h("div", { class: "skv-legend" });
  readonly #acts: LegendActs;
  #key = "";
  #input: LegendInput | null = null;
  readonly #hidden = new Set<RootId>();

  constructor(acts: LegendActs) {
    this.#acts = acts;
  }

  /** What the legend shows, for exported pictures. */
  get sections(): LegendSection[] {
    const input = this.#input;
    if (!input) return [];
    return [...(input.pair ? pairSections(input.pair, input) : []), ...legendSections(input)];
  }

  /** The cells without those that are hidden; a cell that has left is no longer hidden. */
  shown(cells: readonly Cell[]): Cell[] {
    for (const id of this.#hidden) {
      if (cells.length < 2 || cells.every((cell) => cell.id !== id)) this.#hidden.delete(id);
    }
    return cells.filter(({ id }) => !this.#hidden.has(id));
  }

  update(input: LegendInput): void {
    this.#input = input;
    const sections = legendSections(input);
    const key = JSON.stringify(sections);
    if (key !== this.#key) {
      this.#key = key;
      const focused = this.el.querySelector<HTMLElement>("input:focus, button:focus");
      renew(this.el, ...sections.map((section) => sectionElement(section, this.#change)));
      const same = (control: HTMLElement) => focused && dataOf(control) === dataOf(focused);
      if (focused && !focused.isConnected)
        [...this.el.querySelectorAll<HTMLElement>("input, button")].find(same)?.focus();
    }
    for (const box of this.el.querySelectorAll<HTMLInputElement>("input")) {
      const { cell, direction, type } = box.dataset;
      if (cell) box.checked = !this.#hidden.has(cell);
      else if (direction) box.checked = includesDirection(input.directions, direction);
      else box.checked = !input.hidden.includes(type ?? "");
    }
  }

  #change = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    const input = this.#input;
    if (!input) return;
    const { cell } = box.dataset;
    if (cell) {
      if (box.checked) this.#hidden.delete(cell);
      else this.#hidden.add(cell);
      this.#acts.redraw();
    } else if (box.dataset.type !== undefined) {
      const others = input.hidden.filter((type) => type !== box.dataset.type);
      this.#acts.hide(box.checked ? others : [...others, box.dataset.type]);
    } else if (box.dataset.all !== undefined) {
      const types = [...typeCounts(input.shown, input.directions).keys()];
      const others = input.hidden.filter((type) => !types.includes(type));
      this.#acts.hide(box.dataset.all === "show" ? others : [...others, ...types]);
    } else {
      const on = (side: string) =>
        this.el.querySelector<HTMLInputElement>(`[data-direction=${side}]`)?.checked;
      const both = on("input") && on("output");
      this.#acts.show(both ? "both" : on("input") ? "inputs" : on("output") ? "outputs" : "none");
    }
  };
}

function sectionElement(
  { title, rows, ramp, note, all }: LegendSection,
  change: (event: Event) => void,
): HTMLElement {
  const buttons = (["show", "hide"] as const).map((what) => {
    const button = h(
      "button",
      { type: "button", "data-all": what, class: "skv-link" },
      `${what} all`,
    );
    listen(button, "click", change);
    return button;
  });
  const items = rows?.map((row) => (row.shows ? choice(row, change) : plain(row))) ?? [];
  if (note) items.push(h("li", { class: "skv-why" }, note));
  return h(
    "section",
    { "aria-label": title },
    h("h4", {}, title),
    ramp && rampElement(ramp),
    all && h("div", { class: "skv-all" }, ...buttons),
    items.length > 0 && h("ul", {}, ...items),
  );
}

function plain(row: LegendRow): HTMLElement {
  return h("li", {}, swatch(row.swatch, row.color), nameOf(row));
}

function choice(row: LegendRow, change: (event: Event) => void): HTMLElement {
  const data = Object.entries(row.shows ?? {}).map(([key, value]) => [`data-${key}`, value]);
  const box = h("input", { type: "checkbox", ...Object.fromEntries(data) });
  listen(box, "change", change);
  const { count } = row;
  const amount = count !== undefined && h("span", { class: "skv-count" }, grouped(count));
  return h("li", {}, h("label", {}, box, swatch(row.swatch, row.color), nameOf(row), amount));
}

function nameOf({ name, detail, note }: LegendRow): HTMLElement {
  return h(
    "span",
    { class: "skv-name", title: name },
    clipped(name),
    detail && " ",
    detail && h("span", { class: "skv-id" }, detail),
    note && ` ${note}`,
  );
}

/** What a control shows and hides, as text. */
function dataOf({ dataset: { cell, direction, type, all } }: HTMLElement): string {
  return JSON.stringify([cell, direction, type, all]);
}

/** A mark as in the picture, in a colour; null for the outline only. */
export function swatch(shape: Swatch, fill: string | null): SVGElement {
  return svg(
    "svg",
    { class: "skv-swatch", viewBox: "0 0 12 12", fill: fill ?? "none", "aria-hidden": "true" },
    swatchMark(shape),
  );
}

/** A mark within 12 by 12 pixels. */
export function swatchMark(shape: Swatch): SVGElement {
  if (shape === "line") return svg("rect", { x: 0, y: 4, width: 12, height: 4, rx: 2 });
  if (shape === "dot") return svg("circle", { cx: 6, cy: 6, r: 4.5 });
  return svg("path", { d: "M6 1 L11 10.5 H1 Z" });
}

function rampElement({ low, high, colors }: Ramp): HTMLElement {
  const bar = h("div", {
    class: "skv-ramp",
    style: `background: linear-gradient(to right, ${colors})`,
  });
  return h(
    "div",
    {},
    bar,
    h("div", { class: "skv-ends" }, h("span", {}, low), h("span", {}, high)),
  );
}
