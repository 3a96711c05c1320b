// The toolbar above the picture.

import { CAMERA_VIEWS, VIEWER_CHOICES } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import type { View } from "../render/camera";

export interface ToolbarActs {
  view(view: View): void;
  whole(): void;
  choose(trait: "color_by" | "synapses" | "synapse_color", word: string): void;
}

const VIEW_NAMES: Record<View, string> = {
  perspective: "3D",
  front: "Front",
  side: "Side",
  top: "Top",
};
const WORDS: Record<string, string> = { type: "partner type" };
const CHOICES = [
  ["color_by", "Colour cells by", VIEWER_CHOICES.color_by],
  ["synapses", "Synapses", VIEWER_CHOICES.synapses],
  ["synapse_color", "Colour synapses by", VIEWER_CHOICES.synapse_color],
] as const;

export class ToolbarView {
  readonly el: HTMLElement;
  readonly #views = new Map<View, HTMLButtonElement>();
  readonly #selects = new Map<string, HTMLSelectElement>();

  constructor(acts: ToolbarActs, hasSizes: boolean, ...more: HTMLElement[]) {
    for (const view of CAMERA_VIEWS) {
      const button = h("button", { type: "button", "data-view": view }, VIEW_NAMES[view]);
      listen(button, "click", () => acts.view(view));
      this.#views.set(view, button);
    }
    const whole = h(
      "button",
      { type: "button", class: "skv-whole", title: "Fit the cells into the view (key 0)" },
      "Fit",
    );
    listen(whole, "click", acts.whole);
    const choices = CHOICES.map(([trait, name, words]) => {
      const select = h(
        "select",
        { "data-trait": trait },
        ...words
          .filter((word) => hasSizes || word !== "size")
          .map((word) => h("option", { value: word }, WORDS[word] ?? word)),
      );
      listen(select, "change", () => acts.choose(trait, select.value));
      this.#selects.set(trait, select);
      return h("label", {}, h("span", {}, name), select);
    });
    this.el = h(
      "div",
      { class: "skv-bar" },
      h(
        "div",
        { class: "skv-views", role: "group", "aria-label": "View" },
        ...this.#views.values(),
        whole,
      ),
      ...choices,
      ...more,
    );
  }

  update(view: View, words: Record<"color_by" | "synapses" | "synapse_color", string>): void {
    for (const [name, button] of this.#views)
      button.setAttribute("aria-pressed", String(name === view));
    for (const [trait, word] of Object.entries(words)) {
      const select = this.#selects.get(trait);
      if (select) select.value = word;
    }
  }
}
