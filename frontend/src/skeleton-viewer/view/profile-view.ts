// The depth profile beside the picture: cable, inputs and outputs over cortical depth, as a drawing
// and in numbers, for those who do not see it.
import { h, listen, svg } from "../../shared/dom";
import { layerAt, layerName } from "../../shared/layers";
import { grouped } from "../../shared/number-format";
import type { Cell } from "../data/cell";
import { depthProfile, layerCounts, onlySoma } from "../data/synapse-counts";
import type { World } from "../state";
import { length, ticks } from "./axis-numbers";

const [WIDTH, HEIGHT] = [140, 400];
const [LEFT, TOP, BOTTOM] = [34, 6, 6];

/** Titles of the numbers by layer, where there is little room, and for screen readers. */
const HEAD = { layer: "layer", cable: "cable", in: "inputs", out: "outputs" };

interface Shown {
  cells: readonly Cell[];
  /** Colours of their synapses: alpha 0 hides one. */
  visible: readonly Uint8Array[];
}

export class ProfileView {
  readonly el = h("figure", { class: "skv-profile" });
  readonly #caption = h("figcaption");
  readonly #numbers = h("div");
  readonly #byLayer = h(
    "details",
    { class: "skv-by-layer" },
    h("summary", {}, "by layer"),
    this.#numbers,
  );
  #shown: Shown | null = null;
  #world: World | null = null;

  constructor() {
    // The numbers take time with many cells, so they are counted only while they are shown.
    listen(this.#byLayer, "toggle", () => this.#showNumbers());
    this.el.append(this.#caption, this.#byLayer);
  }

  /** Shows the profile of cells; null if all are outside the volume, where depth is not defined. */
  update(shown: Shown | null, world: World): void {
    [this.#shown, this.#world] = [shown, world];
    this.#showNumbers();
    this.#byLayer.hidden = shown === null;
    if (!shown) {
      this.#caption.textContent = "No depth profile: outside the volume";
      this.#setDrawing();
      return;
    }
    this.#caption.textContent = "Depth profile (µm)";
    const end = world.layers.at(-1)?.[2] ?? 1000;
    const { top, bin, cable, input, output } = depthProfile(shown.cells, shown.visible, end);
    const deepest = top + bin * cable.length;
    const y = (depth: number) => TOP + ((depth - top) / (deepest - top)) * (HEIGHT - TOP - BOTTOM);
    const series = [
      { name: "cable", values: cable, unit: (most: number) => length(most) },
      { name: "inputs", values: input, unit: grouped },
      { name: "outputs", values: output, unit: grouped },
    ].map((one) => ({ ...one, most: Math.max(...one.values) }));
    const path = (values: Float64Array, most: number) => {
      const x = (value: number) => LEFT + (value / Math.max(most, 1e-9)) * (WIDTH - LEFT - 4);
      const steps = Array.from(values, (value, i) => {
        const [from, to] = [y(top + i * bin), y(top + (i + 1) * bin)];
        return `L${x(value).toFixed(1)} ${from.toFixed(1)}V${to.toFixed(1)}`;
      });
      return `M${LEFT} ${y(top)}${steps.join("")}L${LEFT} ${y(deepest)}`;
    };
    const text = `Depth profile in bins of ${bin} µm: ${series
      .map(({ name, most, unit }) => (most > 0 ? `${name} up to ${unit(most)}` : `no ${name}`))
      .join(", ")}.`;
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": text },
      ...world.layers.flatMap(([name, from, to]) => [
        svg("line", { class: "skv-border", x1: LEFT, x2: WIDTH, y1: y(from), y2: y(from) }),
        svg(
          "text",
          {
            class: "skv-layer",
            x: WIDTH - 3,
            y: (y(from) + y(Math.min(to, deepest))) / 2,
            "text-anchor": "end",
          },
          layerName(name),
        ),
      ]),
      ...ticks(top, deepest, 7).map((depth) =>
        svg(
          "text",
          { class: "skv-depth", x: LEFT - 4, y: y(depth), "text-anchor": "end" },
          String(depth),
        ),
      ),
      ...series
        .filter(({ most }) => most > 0)
        .map(({ name, values, most }) =>
          svg("path", { class: `skv-series skv-${name}`, d: path(values, most) }),
        ),
    );
    const keys = series
      .filter(({ most }) => most > 0)
      .map(({ name, most, unit }) =>
        h("li", { class: `skv-key skv-${name}` }, `${name}, ≤ ${unit(most)}`),
      );
    this.#setDrawing(picture, h("ul", { title: text }, ...keys));
  }

  // What stands before it stays in the page: the focus may be on it.
  #setDrawing(...drawing: Element[]): void {
    while (this.#byLayer.nextSibling) this.#byLayer.nextSibling.remove();
    this.#byLayer.after(...drawing);
  }

  #showNumbers(): void {
    if (!this.#byLayer.open || !this.#shown || !this.#world) return;
    const { cells, visible } = this.#shown;
    const { layers } = this.#world;
    const soma = onlySoma(cells);
    const [only, second] = cells;
    const place = soma === null ? "" : layerName(layers[layerAt(layers, soma)]?.[0] ?? "");
    const head = Object.entries(HEAD).map(([name, spoken]) =>
      h("th", { scope: "col", "aria-label": spoken }, name),
    );
    const rows = layerCounts(cells, visible, layers).map(({ name, cable, input, output }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, name),
        ...[length(cable), grouped(input), grouped(output)].map((text) => h("td", {}, text)),
      ),
    );
    this.#numbers.replaceChildren(
      h(
        "table",
        { "aria-label": "Cable, inputs and outputs by layer" },
        h("thead", {}, h("tr", {}, ...head)),
        h("tbody", {}, ...rows),
      ),
      soma === null ? "" : h("p", {}, `Soma at ${length(soma)}, ${place}.`),
      only && !second ? h("p", {}, extentOf(only)) : "",
    );
  }
}

/** How far a cell reaches in each direction, in words. */
function extentOf({ box: { low, high } }: Cell): string {
  const [wide, tall, across] = high.map((end, k) => length(end - (low[k] as number)));
  return `${wide} wide, ${tall} tall, ${across} from front to back.`;
}
