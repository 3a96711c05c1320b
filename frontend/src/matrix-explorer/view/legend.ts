// The legend: the colour scale of the values, and the types in the strips.
import { FEWEST_EXPECTED, VALUE_TITLES } from "../../shared/contract";
import { h } from "../../shared/dom";
import { format } from "../../shared/number-format";
import { color, typeOrder } from "../../shared/palette";
import { TYPE_TITLES } from "../data/type-summary";
import { gradient, HIGHEST_RATIO, LOWEST_RATIO, noConnection } from "../render/color-scales";
import { labelName, nameOf } from "../state";
import type { Store } from "../store";

/** A colour scale: its title, and its ends as text. */
export interface Scale {
  title: string;
  low: string;
  high: string;
  /** Only a scale with two ends and a neutral middle has one. */
  middle?: string;
}

/** The current scale; `most` is the largest number of connections in a pixel. */
export function scaleOf(store: Store, counts: boolean, most: number, highest: number): Scale {
  if (store.get("show") === "types") {
    const value = store.get("type_value");
    if (value === "ratio")
      return {
        title: TYPE_TITLES.ratio,
        low: `${LOWEST_RATIO}`,
        high: `${HIGHEST_RATIO}`,
        middle: "1",
      };
    const high = value === "probability" ? `${format(100 * highest)} %` : format(highest);
    return { title: TYPE_TITLES[value], low: "0", high };
  }
  if (counts) return { title: "connections per pixel (log scale)", low: "1", high: format(most) };
  const { low, high } = store.levels;
  return { title: VALUE_TITLES[store.get("value")], low: format(low), high: format(high) };
}

export function drawLegend(root: HTMLElement, store: Store, scale: Scale): void {
  const by = store.get("by");
  const [pre, post] = [frequencies(store, "pre"), frequencies(store, "post")];
  const labels = typeOrder([...pre.keys(), ...post.keys()]);
  const bar = h("div", {
    class: "mx-bar",
    role: "img",
    "aria-label": `${scale.title}, from ${scale.low} to ${scale.high}`,
  });
  bar.style.background = gradient(scale.middle ? "ratio" : store.get("colormap"), store.theme);
  const single = scale.low === scale.high;
  root.replaceChildren(
    h("h3", {}, scale.title),
    bar,
    h(
      "div",
      { class: "mx-ends" },
      h("span", {}, single ? "" : scale.low),
      scale.middle ? h("span", {}, scale.middle) : "",
      h("span", {}, scale.high),
    ),
    h(
      "ul",
      { class: "mx-key" },
      h(
        "li",
        {},
        swatch(noConnection(store.theme), true),
        scale.middle ? `fewer than ${FEWEST_EXPECTED} pairs expected` : "no connection",
      ),
    ),
    h("h3", {}, `Strips: ${nameOf(by)}`),
    h(
      "ul",
      { class: "mx-key" },
      ...labels.map((label) =>
        h(
          "li",
          { title: label },
          swatch(color(label, store.theme)),
          `${labelName(label)} `,
          h("small", {}, `${format(pre.get(label) ?? 0)} × ${format(post.get(label) ?? 0)}`),
        ),
      ),
    ),
  );
}

function swatch(fill: string, framed = false): HTMLElement {
  const element = h("span", { class: framed ? "mx-swatch mx-framed" : "mx-swatch" });
  element.style.background = fill;
  return element;
}

export function frequencies(store: Store, side: "pre" | "post"): Map<string, number> {
  const { ranks, labels } = store.ranks(side);
  const n = new Uint32Array(labels.length);
  for (const rank of ranks) n[rank] = (n[rank] as number) + 1;
  return new Map(labels.map((label, rank) => [label, n[rank] as number]));
}
