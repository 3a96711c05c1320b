// A pair of cells: its synapses in each direction, apart, and what is not drawn.

import { toHex } from "../../shared/contrast";
import { h, listen, renew } from "../../shared/dom";
import { counted, grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { Theme } from "../../shared/theme";
import type { Cell } from "../data/cell";
import type { PairSynapses, Total } from "../data/partner";
import type { Color } from "../render/colors";
import { swatch } from "./legend-view";
import { totalText, typeText } from "./partner-text";
import type { PartnerActs } from "./partner-view";

/** Colours of the presynaptic and the postsynaptic cell: clear on light and dark, and to the colour-blind. */
export const PAIR_COLORS: [Color, Color] = [
  [140, 98, 205],
  [196, 122, 18],
];

/** More distances than these are summed up. */
const MOST_DISTANCES = 4;

export interface PairLook {
  /** The colours of the two cells in the picture; null if colours show something else. */
  cellColors: readonly Color[] | null;
  /** Whether colours tell the directions apart, and not only shapes. */
  byDirection: boolean;
  /** Why synapses of the pair are not drawn; "" if all are. */
  missing: string;
  theme: Theme;
}

export class PairView {
  readonly el = h("section", { class: "skv-between", "aria-label": "Pair", hidden: true });
  readonly #box = h("details");
  readonly #acts: PartnerActs;
  #pair: PairSynapses | null = null;
  /** Whether the box was folded or unfolded by hand, and stays as it is. */
  #byHand = false;

  constructor(acts: PartnerActs) {
    this.#acts = acts;
    this.el.append(this.#box);
    listen(this.#box, "click", ({ target }) => {
      if ((target as Element).closest("summary")) this.#byHand = true;
    });
  }

  update(pair: PairSynapses | null, { cellColors, byDirection, missing, theme }: PairLook): void {
    this.#pair = pair;
    this.el.hidden = pair === null;
    if (!pair) {
      this.#box.replaceChildren();
      return;
    }
    const cell = (one: Cell, name: string, place: number) =>
      h(
        "li",
        {},
        cellColors ? swatch("line", toHex(cellColors[place] as Color)) : "",
        h("b", {}, name),
        ` ${typeOf(one)} `,
        h("span", { class: "skv-id" }, one.id),
      );
    const direction = (way: "there" | "back", as: "input" | "output") =>
      h(
        "li",
        {},
        swatch(
          as === "input" ? "dot" : "triangle",
          byDirection ? color(as, theme) : "currentColor",
        ),
        h("b", {}, way === "there" ? "A → B:" : "B → A:"),
        ` ${wayText(pair, way, `the soma of ${way === "there" ? "B" : "A"}`)}`,
      );
    const other = pair.thereAs === "output" ? "input" : "output";
    const button = (name: string, act: () => void) => {
      const element = h("button", { type: "button", class: "skv-link" }, name);
      listen(element, "click", act);
      return element;
    };
    const alone = (which: "pre" | "post", name: string) =>
      pair[which].about.is_cell === false
        ? ""
        : button(`show ${name} alone`, () => this.#pair && this.#acts.go(this.#pair[which].id));
    renew(
      this.#box,
      h("summary", {}, h("b", {}, "Pair "), h("span", {}, briefText(pair))),
      h("ul", {}, cell(pair.pre, "A", 0), cell(pair.post, "B", 1)),
      h("ul", {}, direction("there", pair.thereAs), direction("back", other)),
      h(
        "p",
        { class: "skv-why" },
        [...distanceText(pair), ...autapseText(pair), missing || hiddenText(pair)].join(" "),
      ),
      h(
        "div",
        { class: "skv-all" },
        button("show all synapses", () => this.#acts.mark(null)),
        alone("pre", "A"),
        alone("post", "B"),
      ),
    );
    if (!this.#byHand) this.#box.open = !this.#isOverPicture();
  }

  /** The style sheet decides this by the width. */
  #isOverPicture(): boolean {
    const beside = this.el.closest(".skv-beside");
    return beside !== null && getComputedStyle(beside).position === "absolute";
  }
}

/** A pair in one sentence, for captions. */
export function pairSentence({ pre, post, there, back }: PairSynapses): string {
  return `Pair: ${totalText(there)} from ${pre.id} onto ${post.id}; ${totalText(back)} back.`;
}

/** What the folded box says. */
function briefText({ there, back }: PairSynapses): string {
  const way = (name: string, { n }: Total) =>
    `${name}: ${n > 0 ? counted(n, "synapse") : "no synapses"}`;
  return [way("A → B", there), ...(back.n > 0 ? [way("B → A", back)] : [])].join(", ");
}

/** A pair for screen readers: long ids would come between what matters. */
export function spokenPair(pair: PairSynapses): string {
  const [pre, post] = [pair.pre, pair.post].map(typeOf);
  const soma = "the target's soma";
  const back = pair.back.n === 0 ? "no synapses back" : `back: ${wayText(pair, "back", soma)}`;
  return `Pair, ${pre} onto ${post}: ${wayText(pair, "there", soma)}; ${back}.`;
}

function typeOf({ about }: Cell): string {
  return typeText({ type: about.type, isCell: about.is_cell !== false });
}

/** Synapses in one direction, and how far from the receiving soma they are. */
function wayText(pair: PairSynapses, way: "there" | "back", soma: string): string {
  const total = totalText(pair[way]);
  const um = pair.toSoma[way].map(Math.round).sort((a, b) => a - b);
  if (um.length === 0) return total;
  const [last, before] = [um.at(-1), um.slice(0, -1)];
  if (um.length > MOST_DISTANCES)
    return `${total}, ${um[0]} to ${last} µm from ${soma}, half of them within ${um[(um.length - 1) >> 1]} µm`;
  return `${total}, ${before.length > 0 ? `${before.join(", ")} and ` : ""}${last} µm from ${soma}`;
}

function distanceText({ toSoma: { there, back } }: PairSynapses): string[] {
  return there.length + back.length > 0 ? ["Distances are straight lines."] : [];
}

function hiddenText({ others }: PairSynapses): string {
  return `Only the synapses between A and B are drawn; the other ${grouped(others)} synapses of the two cells are hidden.`;
}

function autapseText({ autapses }: PairSynapses): string[] {
  const parts = [
    autapses.pre > 0 && `${counted(autapses.pre, "autapse")} of A`,
    autapses.post > 0 && `${counted(autapses.post, "autapse")} of B`,
  ].filter(Boolean);
  return parts.length > 0 ? [`Not counted: ${parts.join(" and ")}.`] : [];
}
