// A button, and what it opens inside the explorer.
import { h, listen } from "../shared/dom";

export class Popover {
  readonly button: HTMLButtonElement;
  readonly content = h("div");
  readonly el: HTMLElement;

  /** `opening` is called each time before it opens. */
  constructor(name: string, opening: () => void) {
    this.button = h("button", { type: "button", "aria-expanded": "false" }, name);
    this.el = h("div", { class: "mwx-popover", hidden: true }, this.content);
    listen(this.button, "click", () => {
      const open = this.el.hidden === true;
      if (open) opening();
      this.#show(open);
    });
  }

  /** Closes it, and returns whether it was open. */
  close(): boolean {
    if (this.el.hidden) return false;
    this.#show(false);
    this.button.focus();
    return true;
  }

  #show(open: boolean): void {
    this.el.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }
}
