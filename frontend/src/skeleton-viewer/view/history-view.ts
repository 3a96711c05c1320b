// Back and Forward through the choices, and undo of any change, by button and by key.
import type { AnyModel } from "@anywidget/types";
import { h, listen } from "../../shared/dom";
import { TraitHistory } from "../../shared/trait-history";
import type { State } from "../state";

const CHOICE = ["cells", "partner"] as const;
const SETTINGS = [
  ...(["color_by", "synapses", "synapse_color", "hidden_types"] as const),
  ...(["synapse_scale", "synapse_opacity"] as const),
] as const;

export class HistoryView {
  /** The two buttons. */
  readonly el: HTMLElement;
  readonly #choices: TraitHistory<State>;
  readonly #changes: TraitHistory<State>;
  readonly #buttons: Map<-1 | 1, HTMLButtonElement>;

  constructor(model: AnyModel<State>, signal: AbortSignal) {
    this.#choices = new TraitHistory<State>(model, CHOICE, () => this.#update(), signal);
    this.#changes = new TraitHistory<State>(model, [...CHOICE, ...SETTINGS], () => {}, signal);
    this.#buttons = new Map([
      [-1, this.#button(-1, "←", "Back to the previous choice (Alt and left arrow)", "Back")],
      [1, this.#button(1, "→", "Forward to the next choice (Alt and right arrow)", "Forward")],
    ]);
    this.el = h(
      "div",
      { class: "skv-views skv-history", role: "group", "aria-label": "History" },
      ...this.#buttons.values(),
    );
    this.#update();
  }

  /** Handles the keys that are pressed anywhere in an element. */
  watchKeys(root: HTMLElement): () => void {
    return listen(root, "keydown", (event) => {
      const act = this.#action(event);
      if (!act) return;
      event.preventDefault();
      act();
    });
  }

  #action(event: KeyboardEvent): (() => void) | null {
    const { altKey, shiftKey, key } = event;
    const command = event.ctrlKey || event.metaKey;
    if (altKey && !command && !shiftKey) {
      if (key === "ArrowLeft") return () => this.#choices.go(-1);
      if (key === "ArrowRight") return () => this.#choices.go(1);
    }
    // In a field for text or numbers the browser undoes what was typed.
    const typing = (event.target as Element).matches("input:not([type=checkbox])");
    if (!command || altKey || typing) return null;
    const letter = key.toLowerCase();
    if (letter === "y" || (letter === "z" && shiftKey)) return () => this.#changes.go(1);
    return letter === "z" ? () => this.#changes.go(-1) : null;
  }

  #button(by: -1 | 1, sign: string, title: string, name: string): HTMLButtonElement {
    const button = h("button", { type: "button", title, "aria-label": name }, sign);
    listen(button, "click", () => this.#choices.go(by));
    return button;
  }

  #update(): void {
    const focused = document.activeElement;
    for (const [by, button] of this.#buttons) button.disabled = !this.#choices.canGo(by);
    // A disabled button receives no keys, so the focus would be lost to the page.
    const other = [...this.#buttons.values()].find((button) => !button.disabled);
    if (focused instanceof HTMLButtonElement && this.el.contains(focused) && focused.disabled)
      other?.focus();
  }
}
