// The parts as tabs, where there is no room for columns. A hidden part keeps its size and its state.
import { h, listen } from "../shared/dom";
import { PARTS, type Part } from "./parts";

const JUMP_MS = 8000;

export class Tabs {
  readonly el = h("div", { class: "mwx-tabs", role: "tablist", "aria-label": "Parts" });
  /** Leads to the neuron after a cell was chosen in another tab. */
  readonly jump = h("button", { type: "button", class: "mwx-jump", hidden: true }, "Show neuron");
  readonly #sections: Record<Part, HTMLElement>;
  readonly #tabs: Record<Part, HTMLButtonElement>;
  #active = false;
  #shown: Part = "picker";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    titles: Record<Part, string>,
    sections: Record<Part, HTMLElement>,
    id: (part: string) => string,
  ) {
    this.#sections = sections;
    this.#tabs = Object.fromEntries(
      PARTS.map((part) => {
        const changed = h("span", { class: "mwx-changed", hidden: true });
        changed.append(h("span", { class: "mwx-aloud" }, " (changed)"));
        const attributes = { type: "button", role: "tab", "aria-controls": id(part) };
        const tab = h("button", { ...attributes, id: id(`tab-${part}`) }, titles[part], changed);
        listen(tab, "click", () => this.show(part));
        return [part, tab];
      }),
    ) as Record<Part, HTMLButtonElement>;
    this.el.append(...PARTS.map((part) => this.#tabs[part]));
    listen(this.el, "keydown", (event) => this.#onKey(event));
    listen(this.jump, "click", () => {
      this.show("viewer");
      this.#tabs.viewer.focus();
    });
  }

  /** Whether the parts are tabs now. */
  set active(active: boolean) {
    this.#active = active;
    this.#unmark();
    this.show(this.#shown);
  }

  show(part: Part): void {
    this.#shown = part;
    for (const one of PARTS) {
      const [section, tab] = [this.#sections[one], this.#tabs[one]];
      const chosen = one === part;
      section.toggleAttribute("data-shown", chosen);
      if (this.#active) section.setAttribute("role", "tabpanel");
      else section.removeAttribute("role");
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.#changedOf(part).hidden = true;
    if (part === "viewer") this.jump.hidden = true;
  }

  /** Tells that a part shows something else; it is marked until it is looked at. */
  mark(part: Part): void {
    if (!this.#active || part === this.#shown) return;
    this.#changedOf(part).hidden = false;
    if (part !== "viewer") return;
    this.jump.hidden = false;
    clearTimeout(this.#timer);
    // The mark on the tab stays.
    this.#timer = setTimeout(() => {
      if (!this.jump.matches(":focus")) this.jump.hidden = true;
    }, JUMP_MS);
  }

  #unmark(): void {
    for (const part of PARTS) this.#changedOf(part).hidden = true;
    this.jump.hidden = true;
  }

  #changedOf(part: Part): HTMLElement {
    return this.#tabs[part].lastElementChild as HTMLElement;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = PARTS.indexOf(this.#shown);
    const last = PARTS.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const part = PARTS[(to + PARTS.length) % PARTS.length] as Part;
    this.show(part);
    this.#tabs[part].focus();
  }
}
