// The number of cells that a filter would give, beside its checkbox.
import { h } from "../../shared/dom";
import { grouped } from "../../shared/number-format";

export class CellCount {
  readonly #number = h("span", { class: "mw-count" });
  // For screen readers: the eye sees numbers in a column.
  readonly #unit = h("span", { class: "mw-aloud" });
  readonly elements = [this.#number, this.#unit];

  /** Writes only what has changed, since writing causes layout. */
  set value(n: number) {
    const text = grouped(n);
    if (this.#number.textContent === text) return;
    this.#number.textContent = text;
    this.#unit.textContent = n === 1 ? " cell" : " cells";
  }
}
