// The legend: what colours mean, numbers of synapses, and checkboxes that show and hide them.
import { clipped } from "../../shared/clipped";
import { h, listen, svg } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import { type Cell, COMPARTMENT_NAMES } from "../data/cell";
import { directionCounts, typeCounts } from "../data/synapse-counts";
import { type Color, toHex, viridis } from "../render/colors";
import type { ColorBy, Directions, SynapseColor, World } from "../state";

export interface LegendContent {
  cells: readonly Cell[];
  cellColors: readonly Color[];
  colorBy: ColorBy;
  directions: Directions;
  synapseColor: SynapseColor;
  hidden: readonly string[];
  sizes: [number, number];
  world: World;
}

export interface LegendActs {
  show(directions: Directions): void;
  hide(types: string[]): void;
}

type Swatch = "line" | "dot" | "triangle";

export class LegendView {
  readonly el = h("div", { class: "skv-legend" });
  readonly #acts: LegendActs;
  #key = "";
  #content: LegendContent | null = null;

  constructor(acts: LegendActs) {
    this.#acts = acts;
  }

  update(content: LegendContent): void {
    this.#content = content;
    const counts = typeCounts(content.cells, content.directions);
    const sides = directionCounts(content.cells);
    // Checkboxes are replaced only if they differ, so that the focus is not lost.
    const { cells, cellColors, colorBy, synapseColor, sizes } = content;
    const about = cells.map(({ id, tree }) => [id, tree !== null]);
    const key = JSON.stringify([
      about,
      cellColors,
      colorBy,
      synapseColor,
      sizes,
      sides,
      [...counts],
    ]);
    if (key !== this.#key) {
      this.#key = key;
      this.el.replaceChildren(...sections(content, counts, sides, this.#change));
    }
    for (const box of this.el.querySelectorAll<HTMLInputElement>("input")) {
      const { direction, type } = box.dataset;
      box.checked =
        type === undefined
          ? content.directions === "both" || content.directions === `${direction}s`
          : !content.hidden.includes(type);
    }
  }

  #change = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    const content = this.#content;
    if (!content) return;
    if (box.dataset.type !== undefined) {
      const others = content.hidden.filter((type) => type !== box.dataset.type);
      this.#acts.hide(box.checked ? others : [...others, box.dataset.type]);
    } else if (box.dataset.all !== undefined) {
      const types = [...typeCounts(content.cells, content.directions).keys()];
      const others = content.hidden.filter((type) => !types.includes(type));
      this.#acts.hide(box.dataset.all === "show" ? others : [...others, ...types]);
    } else {
      const on = (side: string) =>
        this.el.querySelector<HTMLInputElement>(`[data-direction=${side}]`)?.checked;
      const both = on("input") && on("output");
      this.#acts.show(both ? "both" : on("input") ? "inputs" : on("output") ? "outputs" : "none");
    }
  };
}

function sections(
  { cells, cellColors, colorBy, synapseColor, sizes, world }: LegendContent,
  counts: Map<string, number>,
  sides: { input: number; output: number },
  change: (event: Event) => void,
): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (colorBy === "cell") {
    const rows = cells.map(({ id, about, tree }, place) =>
      h(
        "li",
        {},
        swatch("line", toHex(cellColors[place] as Color)),
        h(
          "span",
          { title: about.type },
          `${clipped(about.type) || "cell"} `,
          h("span", { class: "skv-id" }, id),
          tree?.soma === null && " (no soma)",
        ),
      ),
    );
    parts.push(section("Cells", h("ul", {}, ...rows)));
  } else if (colorBy === "depth") {
    const bottom = world.layers.at(-1)?.[2] ?? 1000;
    parts.push(
      section(
        "Depth",
        ramp("0", `${bottom} µm`, (t) => viridis(1 - t)),
      ),
    );
  } else {
    const present = new Set(
      cells.flatMap(({ tree }) => (tree ? [...new Set(tree.compartment)] : [])),
    );
    const rows = [...COMPARTMENT_NAMES]
      .filter(([number]) => present.has(number))
      .map(([number, name]) =>
        h("li", {}, swatch(number === 1 ? "dot" : "line", color(name)), name),
      );
    if ([...present].some((number) => !COMPARTMENT_NAMES.has(number))) {
      rows.push(h("li", {}, swatch("line", color("")), "other"));
    }
    const without = cells.filter(({ tree }) => tree?.soma === null).length;
    if (without > 0) {
      const text =
        cells.length === 1 ? "no soma in this skeleton" : `no soma in ${without} skeletons`;
      rows.push(h("li", { class: "skv-why" }, text));
    }
    if (rows.length > 0) parts.push(section("Compartments", h("ul", {}, ...rows)));
  }
  if (sides.input + sides.output === 0) return parts;
  const plain = synapseColor === "direction" ? null : "currentColor";
  const directions = (["input", "output"] as const).map((side) =>
    choice(
      { "data-direction": side },
      swatch(side === "input" ? "dot" : "triangle", plain ?? color(side)),
      `${side}s`,
      sides[side],
      change,
    ),
  );
  parts.push(section("Synapses", h("ul", {}, ...directions)));
  if (synapseColor === "size") {
    const [low, high] = sizes.map((size) => grouped(Math.round(size))) as [string, string];
    parts.push(section("Size (voxels, log scale)", ramp(low, high, viridis)));
  }
  const types = [...counts].map(([type, number]) =>
    choice(
      { "data-type": type },
      swatch("dot", synapseColor === "type" ? color(type) : null),
      type || "unknown",
      number,
      change,
    ),
  );
  const all = (["show", "hide"] as const).map((what) => {
    const button = h(
      "button",
      { type: "button", "data-all": what, class: "skv-link" },
      `${what} all`,
    );
    listen(button, "click", change);
    return button;
  });
  if (types.length > 0) {
    parts.push(
      section("Partner types", h("div", { class: "skv-all" }, ...all), h("ul", {}, ...types)),
    );
  }
  return parts;
}

function section(title: string, ...children: HTMLElement[]): HTMLElement {
  return h("section", { "aria-label": title }, h("h4", {}, title), ...children);
}

function choice(
  data: Record<string, string>,
  mark: Element,
  name: string,
  number: number,
  change: (event: Event) => void,
): HTMLElement {
  const box = h("input", { type: "checkbox", ...data });
  listen(box, "change", change);
  const amount = h("span", { class: "skv-count" }, grouped(number));
  return h(
    "li",
    {},
    h("label", {}, box, mark, h("span", { class: "skv-name", title: name }, clipped(name)), amount),
  );
}

/** A mark as in the picture, in a colour; null for the outline only. */
export function swatch(shape: Swatch, fill: string | null): Element {
  const mark = {
    line: () => svg("rect", { x: 0, y: 4, width: 12, height: 4, rx: 2 }),
    dot: () => svg("circle", { cx: 6, cy: 6, r: 4.5 }),
    triangle: () => svg("path", { d: "M6 1 L11 10.5 H1 Z" }),
  }[shape]();
  return svg(
    "svg",
    { class: "skv-swatch", viewBox: "0 0 12 12", fill: fill ?? "none", "aria-hidden": "true" },
    mark,
  );
}

function ramp(low: string, high: string, at: (place: number) => Color): HTMLElement {
  const stops = [0, 0.2, 0.4, 0.6, 0.8, 1].map((place) => toHex(at(place)));
  const bar = h("div", {
    class: "skv-ramp",
    style: `background: linear-gradient(to right, ${stops})`,
  });
  return h(
    "div",
    {},
    bar,
    h("div", { class: "skv-ends" }, h("span", {}, low), h("span", {}, high)),
  );
}
