// Select elements that show a trait and set it.
import { ORDERS } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import { axisOf, type Side } from "../data/cell-order";
import { nameOf, type State } from "../state";
import type { Store } from "../store";

export type Options = readonly (readonly [value: string, text: string])[];

/** Elements that show traits; `draw` updates all of them. */
export class Controls {
  readonly #store: Store;
  readonly #selects: { element: HTMLSelectElement; value: () => string }[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** A labelled list of choices; by default, it sets the trait. */
  choice(
    name: keyof State & string,
    label: string,
    options: Options,
    set = (value: string) => this.#store.set({ [name]: value } as Partial<State>),
  ): HTMLElement {
    return this.list(label, options, () => String(this.#store.get(name)), set);
  }

  /** A labelled list of choices with its own current value. */
  list(
    label: string,
    options: Options,
    value: () => string,
    set: (value: string) => void,
  ): HTMLElement {
    const element = h(
      "select",
      {},
      ...options.map(([name, text]) => h("option", { value: name }, text)),
    );
    listen(element, "change", () => set(element.value));
    this.#selects.push({ element, value });
    return h("label", {}, h("span", {}, label), element);
  }

  draw(): void {
    for (const { element, value } of this.#selects) {
      const current = value();
      for (const option of element.options) {
        // Only Python makes a custom order, and no one can choose "rows and columns differ".
        if (option.value === "own" || option.value === MIXED) {
          option.hidden = option.disabled = option.value !== current;
        }
      }
      if (element.value !== current) element.value = current;
    }
  }
}

/** Stands for different orders of rows and columns. */
export const MIXED = "mixed";

/** The orders that an axis can have or, without a side, both axes. */
export function orderOptions(store: Store, side?: Side): Options {
  const axes = side ? [axisOf(store.data, side)] : [store.data.rows, store.data.columns];
  const texts = [...(axes[0]?.texts.keys() ?? [])].filter((name) =>
    axes.every((axis) => axis.texts.has(name)),
  );
  const others = ORDERS.filter((name) => name !== "given" && name !== "own").filter(
    (name) => name !== "depth" || axes.every((axis) => axis.depth !== null),
  );
  const names = ["given", ...texts, ...others, "own"];
  const options = names.map((name): [string, string] => [
    name,
    !side && name === "degree" ? "number of partners" : nameOf(name, side),
  ]);
  return side ? options : [...options, [MIXED, "rows and columns differ"]];
}

export function button(text: string, label: string, act: () => void): HTMLButtonElement {
  // A symbol needs a label; a word does not.
  const name = /^\w+$/.test(text) ? {} : { "aria-label": label };
  const element = h("button", { type: "button", title: label, ...name }, text);
  listen(element, "click", act);
  return element;
}
