// The chosen partner, and its connections with the cells that are shown.

import { copyText } from "../../shared/clipboard";
import { clipped } from "../../shared/clipped";
import { h, listen } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import type { RootId } from "../../shared/root-ids";
import type { Cell } from "../data/cell";

/** A partner's synapses with the cells that are shown, including hidden synapses. */
export interface Partner {
  id: RootId;
  type: string;
  input: { n: number; size: number };
  output: { n: number; size: number };
  /** The cells, and the synapse's index in each. */
  synapses: { cell: Cell; index: number }[];
}

export function partnerOf(cells: readonly Cell[], id: RootId): Partner {
  const result: Partner = {
    id,
    type: "",
    input: { n: 0, size: 0 },
    output: { n: 0, size: 0 },
    synapses: [],
  };
  for (const cell of cells) {
    const { partner, direction, type, size, n } = cell.synapses;
    // A quick check whether the cell has this partner at all.
    if (partner.rowOf(id) < 0) continue;
    for (let index = 0; index < n; index++) {
      if (partner.at(index) !== id) continue;
      const side = direction.labels[direction.codes[index] as number] as "input" | "output";
      result[side].n += 1;
      result[side].size += size[index] as number;
      result.type = type.labels[type.codes[index] as number] ?? "";
      result.synapses.push({ cell, index });
    }
  }
  return result;
}

export class PartnerView {
  readonly el = h("section", {
    class: "skv-partner",
    "aria-label": "Chosen partner",
    hidden: true,
  });
  readonly #clear: () => void;
  readonly #show: (id: RootId) => void;

  constructor(clear: () => void, show: (id: RootId) => void) {
    this.#clear = clear;
    this.#show = show;
  }

  update(partner: Partner | null): void {
    this.el.hidden = partner === null;
    if (!partner) return;
    const copyButton = h("button", { type: "button", class: "skv-link" }, "copy id");
    listen(copyButton, "click", () => void copyText(partner.id));
    const clear = h("button", { type: "button", class: "skv-link" }, "clear");
    listen(clear, "click", this.#clear);
    const show = h("button", { type: "button", class: "skv-link" }, "show this cell");
    listen(show, "click", () => this.#show(partner.id));
    const rows = (["input", "output"] as const)
      .filter((side) => partner[side].n > 0)
      .map((side) => {
        const { n, size } = partner[side];
        return h("li", {}, `${grouped(n)} ${side}${n > 1 ? "s" : ""}, ${grouped(size)} voxels`);
      });
    if (rows.length === 0) rows.push(h("li", {}, "no synapses with the cells shown"));
    this.el.replaceChildren(
      h("h4", {}, "Partner"),
      h(
        "div",
        {},
        `${clipped(partner.type) || "unknown"} `,
        h("span", { class: "skv-id" }, partner.id),
      ),
      h("ul", {}, ...rows),
      h("div", {}, show, " ", copyButton, " ", clear),
    );
  }
}
