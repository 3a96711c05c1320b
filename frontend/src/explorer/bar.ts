// The explorer's bar: its tabs or its title, what is chosen, and its buttons.
import { h, listen } from "../shared/dom";
import type { RootId } from "../shared/root-ids";
import { icon } from "./icons";

const MESSAGE_MS = 8000;

export interface BarActs {
  full(): void;
  copy(): void;
  /** The button of the token panel, where there is one. */
  token: HTMLButtonElement | null;
}

export class Bar {
  readonly el = h("header", { class: "mwx-bar" });
  readonly #choice = h("span", { class: "mwx-choice" });
  readonly #said = h("output", { class: "mwx-said" });
  readonly #full = h("button", { type: "button", class: "mwx-full" });
  readonly #more = h(
    "button",
    { type: "button", class: "mwx-more", "aria-expanded": "false", "aria-label": "More" },
    "⋯",
  );
  readonly #tools = h("div", { class: "mwx-tools" });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tabs: HTMLElement, acts: BarActs) {
    const copy = h("button", { type: "button" }, "Copy as Python");
    listen(copy, "click", () => acts.copy());
    listen(this.#full, "click", () => acts.full());
    if (acts.token) this.#tools.append(acts.token);
    this.#tools.append(copy);
    listen(this.#more, "click", () => this.#showMenu(!this.#menuOpen));
    // A menu closes once something in it was chosen.
    listen(this.#tools, "click", () => this.#showMenu(false));
    const title = h("strong", { class: "mwx-title" }, "Explorer");
    const text = h("span", { class: "mwx-text" }, title, this.#choice);
    this.el.append(tabs, text, this.#said, this.#tools, this.#more, this.#full);
    this.showFull(false);
  }

  showChoice(cell: RootId | null, partner: RootId | null): void {
    const text = !cell ? "no cell chosen" : partner ? `${cell} → ${partner}` : `cell ${cell}`;
    this.#choice.textContent = text;
    this.#choice.title = text;
  }

  showFull(full: boolean): void {
    this.#full.replaceChildren(icon(full ? "back" : "full"));
    this.#full.title = full ? "Leave full screen" : "Full screen";
    this.#full.setAttribute("aria-label", this.#full.title);
  }

  offerLink(copy: () => void): void {
    const button = h("button", { type: "button" }, "Copy link");
    listen(button, "click", copy);
    this.#tools.append(button);
  }

  say(text: string): void {
    this.#said.textContent = text;
    this.#said.title = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#said.textContent = "";
    }, MESSAGE_MS);
  }

  /** Closes the menu, and returns whether it was open. */
  closeMenu(): boolean {
    if (!this.#menuOpen) return false;
    this.#showMenu(false);
    this.#more.focus();
    return true;
  }

  get #menuOpen(): boolean {
    return this.#more.getAttribute("aria-expanded") === "true";
  }

  #showMenu(open: boolean): void {
    this.#more.setAttribute("aria-expanded", String(open));
    this.#tools.toggleAttribute("data-open", open);
  }
}
