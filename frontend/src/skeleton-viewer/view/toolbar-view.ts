// The toolbar above the picture: one row, at any width.
//
// What does not fit goes into the menu "More": first the choices of colours, then the other menus.

import { CAMERA_VIEWS, VIEWER_CHOICES } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import type { View } from "../render/camera";
import type { State } from "../state";
import { dropDown } from "./drop-down";
import { helpView } from "./help-view";
import { MarksView } from "./marks-view";

type Choice = "color_by" | "synapses" | "synapse_color";
export type Settings = Pick<State, Choice | "synapse_scale" | "synapse_opacity">;

export interface ToolbarActs {
  view(view: View): void;
  whole(): void;
  choose(trait: Choice, word: string): void;
  /** `done` is false while a slider moves. */
  mark(trait: "synapse_scale" | "synapse_opacity", value: number, done: boolean): void;
}

const VIEW_NAMES: Record<View, string> = {
  perspective: "3D",
  front: "Front",
  side: "Side",
  top: "Top",
};
const WORDS: Record<string, string> = { auto: "automatic", type: "partner type" };
const CHOICES = [
  ["color_by", "Colour cells by", VIEWER_CHOICES.color_by],
  ["synapses", "Synapses", VIEWER_CHOICES.synapses],
  ["synapse_color", "Colour synapses by", VIEWER_CHOICES.synapse_color],
] as const;
/** From this width on, in CSS pixels, there is room for the choices, and for the other menus. */
const ROOM_FOR_CHOICES = 840;
const ROOM_FOR_MENUS = 560;

export class ToolbarView {
  readonly el: HTMLElement;
  readonly #views = new Map<View, HTMLButtonElement>();
  readonly #selects = new Map<string, HTMLSelectElement>();
  readonly #marks: MarksView;
  readonly #choices: HTMLElement;
  readonly #menus: HTMLElement;
  readonly #more: HTMLDetailsElement;

  /** `history` comes first in the bar, `menus` last. */
  constructor(acts: ToolbarActs, hasSizes: boolean, history: HTMLElement, ...menus: HTMLElement[]) {
    this.#marks = new MarksView(acts.mark);
    this.#choices = h("div", { class: "skv-choices" }, ...this.#makeChoices(acts, hasSizes));
    this.#menus = h("div", { class: "skv-menus" }, ...menus, helpView());
    this.#more = dropDown("skv-more", "More", {}, this.#marks.el);
    this.el = h("div", { class: "skv-bar" }, history, this.#makeViews(acts), this.#more);
    this.#place(Number.POSITIVE_INFINITY);
    const size = new ResizeObserver(() => this.#place(this.el.clientWidth));
    size.observe(this.el);
  }

  update(view: View, settings: Settings): void {
    for (const [name, button] of this.#views)
      button.setAttribute("aria-pressed", String(name === view));
    for (const [trait, select] of this.#selects) select.value = settings[trait as Choice];
    this.#marks.update(settings);
  }

  /** Puts the choices and menus where there is room for them. */
  #place(width: number): void {
    if (width === 0) return;
    const panel = this.#more.lastElementChild as HTMLElement;
    const inBar = width >= ROOM_FOR_CHOICES;
    if (inBar !== (this.#choices.parentElement === this.el)) {
      if (inBar) this.#more.before(this.#choices);
      else panel.prepend(this.#choices);
    }
    const besideMore = width >= ROOM_FOR_MENUS;
    if (besideMore !== (this.#menus.parentElement === this.el)) {
      if (besideMore) this.#more.after(this.#menus);
      else panel.append(this.#menus);
    }
  }

  #makeViews(acts: ToolbarActs): HTMLElement {
    for (const view of CAMERA_VIEWS) {
      const button = h("button", { type: "button", "data-view": view }, VIEW_NAMES[view]);
      listen(button, "click", () => acts.view(view));
      this.#views.set(view, button);
    }
    const whole = h(
      "button",
      { type: "button", class: "skv-whole", title: "Fit the cells into the view" },
      "Fit",
    );
    listen(whole, "click", acts.whole);
    return h(
      "div",
      { class: "skv-views", role: "group", "aria-label": "View" },
      ...this.#views.values(),
      whole,
    );
  }

  #makeChoices(acts: ToolbarActs, hasSizes: boolean): HTMLElement[] {
    return CHOICES.map(([trait, name, words]) => {
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
  }
}
