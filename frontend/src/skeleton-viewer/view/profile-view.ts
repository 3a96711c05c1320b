// The depth profile beside the picture: cable, inputs and outputs over cortical depth.
import { h, svg } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import type { Profile } from "../data/synapse-counts";
import type { World } from "../state";
import { length, ticks } from "./axis-numbers";

const [WIDTH, HEIGHT] = [140, 400];
const [LEFT, TOP, BOTTOM] = [34, 6, 6];

export class ProfileView {
  readonly el = h("figure", { class: "skv-profile" });

  /** Shows a profile; null if all cells are outside the volume, where depth is not defined. */
  update(profile: Profile | null, world: World): void {
    if (!profile) {
      this.el.replaceChildren(h("figcaption", {}, "No depth profile: outside the volume"));
      return;
    }
    const { top, bin, cable, input, output } = profile;
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
          name === "WM" ? name : `L${name}`,
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
    this.el.replaceChildren(
      h("figcaption", {}, "Depth profile (µm)"),
      picture,
      h("ul", { title: text }, ...keys),
    );
  }
}
