// A short hint over the picture, such as how to zoom, that vanishes by itself.
import { h } from "../../shared/dom";

const SHOWN_MS = 1800;
/** For somebody whose wheel or finger scrolls the page, with the pointer on the picture. */
export const SCROLLED_PAST = "Click the picture to zoom with the wheel";
export const SWIPED_PAST = "Tap the picture to rotate it with one finger";

export class Hint {
  readonly el = h("p", { class: "skv-hint", role: "status", hidden: true });
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string): void {
    // Otherwise a screen reader would repeat it at each turn of the wheel.
    if (this.el.hidden) this.el.textContent = text;
    this.el.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.el.hidden = true;
  }
}
