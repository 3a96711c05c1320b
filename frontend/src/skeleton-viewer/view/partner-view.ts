// The marked partner, and its synapses with the cells on view.
import { copyText } from "../../shared/clipboard";
import { h, listen, renew } from "../../shared/dom";
import { counted } from "../../shared/number-format";
import type { RootId } from "../../shared/root-ids";
import type { Partner } from "../data/partner";
import { FRAGMENT, totalText, typeText } from "./partner-text";

export interface PartnerActs {
  /** Marks a partner; null clears the mark. */
  mark(id: RootId | null): void;
  /** Shows a cell alone. */
  go(id: RootId): void;
}

export class PartnerView {
  readonly el = h("section", {
    class: "skv-partner",
    "aria-label": "Chosen partner",
    hidden: true,
  });
  readonly #acts: PartnerActs;
  #id: RootId = "";

  constructor(acts: PartnerActs) {
    this.#acts = acts;
  }

  /** Shows a partner; `onView` says whether it is one of several cells on view. */
  update(partner: Partner | null, onView: boolean, loaded: boolean): void {
    this.el.hidden = partner === null;
    if (!partner) {
      this.el.replaceChildren();
      return;
    }
    const { id, isCell } = partner;
    this.#id = id;
    const known = isCell || partner.synapses.length > 0;
    const button = (name: string, act: () => void) => {
      const element = h("button", { type: "button", class: "skv-link" }, name);
      listen(element, "click", act);
      return element;
    };
    renew(
      this.el,
      h("h4", {}, partner.itself ? "Onto itself" : onView ? "Partner, also shown" : "Partner"),
      h(
        "div",
        {},
        `${known ? typeText(partner) : loaded ? "unknown" : "loading …"} `,
        h("span", { class: "skv-id" }, id),
      ),
      h("ul", {}, ...lines(partner, loaded).map((line) => h("li", {}, line))),
      known && !isCell ? h("p", { class: "skv-why" }, FRAGMENT) : "",
      h(
        "div",
        { class: "skv-all" },
        isCell && !onView ? button("show this cell", () => this.#acts.go(this.#id)) : "",
        button("copy id", () => void copyText(this.#id)),
        button("clear", () => this.#acts.mark(null)),
      ),
    );
  }
}

/** What a partner has with the cells on view, in one sentence for screen readers. */
export function partnerSentence(partner: Partner): string {
  return `Partner ${typeText(partner)} ${partner.id}: ${lines(partner, true).join("; ")}.`;
}

function lines(partner: Partner, loaded: boolean): string[] {
  const { input, output, itself, autapses } = partner;
  if (itself) {
    const number = autapses > 0 ? counted(autapses, "autapse") : "no autapses";
    return loaded ? [`${typeText(partner)} onto itself: ${number}`] : [];
  }
  const sides = [
    input.n > 0 && totalText(input, "input"),
    output.n > 0 && totalText(output, "output"),
  ].filter((line) => line !== false);
  return sides.length > 0 || !loaded ? sides : ["no synapses with the cells shown"];
}
