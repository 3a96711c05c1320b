// A pair of cells: its synapses in each direction, apart, and what is not drawn.
import { h, listen, renew } from "../../shared/dom";
import { counted, grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { Cell } from "../data/cell";
import type { PairSynapses, Total } from "../data/partner";
import { type Color, toHex } from "../render/colors";
import { swatch } from "./legend-view";
import { totalText, typeText } from "./partner-text";
import type { PartnerActs } from "./partner-view";

/** Colours of the presynaptic and the postsynaptic cell: clear on light and dark, and to the colour-blind. */
export const PAIR_COLORS: [Color, Color] = [
  [140, 98, 205],
  [196, 122, 18],
];

export interface PairLook {
  /** The colours of the two cells in the picture; null if colours show something else. */
  cellColors: readonly Color[] | null;
  /** Whether colours tell the directions apart, and not only shapes. */
  byDirection: boolean;
  /** Why synapses of the pair are not drawn; "" if all are. */
  missing: string;
}

export class PairView {
  readonly el = h("section", { class: "skv-between", "aria-label": "Pair", hidden: true });
  readonly #acts: PartnerActs;
  #pair: PairSynapses | null = null;

  constructor(acts: PartnerActs) {
    this.#acts = acts;
  }

  update(pair: PairSynapses | null, { cellColors, byDirection, missing }: PairLook): void {
    this.#pair = pair;
    this.el.hidden = pair === null;
    if (!pair) {
      this.el.replaceChildren();
      return;
    }
    const cell = ({ id, about }: Cell, name: string, place: number) =>
      h(
        "li",
        {},
        cellColors ? swatch("line", toHex(cellColors[place] as Color)) : "",
        h("b", {}, name),
        ` ${typeText({ type: about.type, isCell: about.is_cell !== false })} `,
        h("span", { class: "skv-id" }, id),
      );
    const direction = (name: string, total: Total, as: "input" | "output") =>
      h(
        "li",
        {},
        swatch(as === "input" ? "dot" : "triangle", byDirection ? color(as) : "currentColor"),
        h("b", {}, name),
        ` ${totalText(total)}`,
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
      this.el,
      h("h4", {}, "Pair"),
      h("ul", {}, cell(pair.pre, "A", 0), cell(pair.post, "B", 1)),
      h(
        "ul",
        {},
        direction("A → B:", pair.there, pair.thereAs),
        direction("B → A:", pair.back, other),
      ),
      h("p", { class: "skv-why" }, [...autapseText(pair), missing || hiddenText(pair)].join(" ")),
      h(
        "div",
        { class: "skv-all" },
        button("show all synapses", () => this.#acts.mark(null)),
        alone("pre", "A"),
        alone("post", "B"),
      ),
    );
  }
}

/** A pair in one sentence for screen readers. */
export function pairSentence({ pre, post, there, back }: PairSynapses): string {
  return `Pair: ${totalText(there)} from ${pre.id} onto ${post.id}; ${totalText(back)} back.`;
}

function hiddenText({ others }: PairSynapses): string {
  return `Only these are drawn; the other ${grouped(others)} synapses of the two cells are hidden.`;
}

function autapseText({ autapses }: PairSynapses): string[] {
  const parts = [
    autapses.pre > 0 && `${counted(autapses.pre, "autapse")} of A`,
    autapses.post > 0 && `${counted(autapses.post, "autapse")} of B`,
  ].filter(Boolean);
  return parts.length > 0 ? [`Not counted: ${parts.join(" and ")}.`] : [];
}
