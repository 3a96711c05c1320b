// Controls for the size and the opacity of synapses.
import { SYNAPSE_OPACITY, SYNAPSE_SCALE } from "../../shared/contract";
import { h, listen } from "../../shared/dom";

type Trait = "synapse_scale" | "synapse_opacity";

const SLIDERS: readonly [Trait, string, readonly [number, number], (value: number) => string][] = [
  ["synapse_scale", "Size of synapses", SYNAPSE_SCALE, (value) => `${value} ×`],
  ["synapse_opacity", "Opacity of synapses", SYNAPSE_OPACITY, (v) => `${Math.round(100 * v)} %`],
];

export class MarksView {
  readonly el: HTMLElement;
  readonly #controls = new Map<Trait, (value: number) => void>();

  /** `set` is called while a slider moves, and once more, with `done`, when it stays. */
  constructor(set: (trait: Trait, value: number, done: boolean) => void) {
    const labels = SLIDERS.map(([trait, name, [min, max], text]) => {
      const slider = h("input", { type: "range", min, max, step: 0.1, "data-trait": trait });
      const shown = h("span", { class: "skv-count" });
      const show = (value: number) => {
        slider.value = String(value);
        shown.textContent = text(value);
        slider.setAttribute("aria-valuetext", text(value));
      };
      this.#controls.set(trait, show);
      for (const type of ["input", "change"] as const) {
        listen(slider, type, () => {
          show(Number(slider.value));
          set(trait, Number(slider.value), type === "change");
        });
      }
      return h("label", {}, h("span", {}, name, " ", shown), slider);
    });
    this.el = h("div", { class: "skv-marks" }, ...labels);
  }

  update(values: Record<Trait, number>): void {
    for (const [trait, show] of this.#controls) show(values[trait]);
  }
}
