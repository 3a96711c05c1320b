// The controls beside the networks: what is stimulated, gain, inhibition, and what comes of it.
import { clipped } from "../../shared/clipped";
import { INHIBITION_SLIDER, PLAYER_LIMITS } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import { format } from "../../shared/number-format";
import { color, typeOrder } from "../../shared/palette";
import type { State } from "../state";
import type { Store } from "../store";
import { cellName, decayWords, rateWords, stimulusWords, typeName } from "./words";

/** The spectral radius at the end of the slider of the gain. */
const LARGEST_RADIUS = 1.5;

export class ControlsView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #types = h("div", {
    class: "ap-types",
    role: "group",
    "aria-label": "Stimulated types",
  });
  readonly #count = h("p", { class: "ap-soft" });
  readonly #gain = slider(0.01, 2, 0.01);
  readonly #inhibition = slider(0, INHIBITION_SLIDER.most, INHIBITION_SLIDER.step);
  readonly #asGiven = h("input", { type: "checkbox" });
  readonly #same = h(
    "select",
    {},
    h("option", { value: "gain" }, "gain"),
    h("option", { value: "spectral_radius" }, "spectral radius"),
  );
  readonly #strength = field("strength");
  readonly #start = field();
  readonly #end = field();
  readonly #numbers = h("table", { class: "ap-numbers" });
  readonly #outside = h("p", { class: "ap-outside" });
  readonly #only = h("button", { type: "button" }, "Stimulate only this cell");

  constructor(store: Store, lasso: HTMLElement) {
    this.#store = store;
    const several = store.get("labels").length > 1;
    this.element = h(
      "div",
      { class: "ap-side" },
      h(
        "fieldset",
        {},
        h("legend", {}, "Stimulus"),
        this.#types,
        h("div", { class: "ap-line" }, lasso),
        this.#count,
        labelled("strength", this.#strength),
        h(
          "div",
          { class: "ap-line" },
          labelled("from", this.#start),
          labelled("to", this.#end, " s"),
        ),
      ),
      h(
        "fieldset",
        {},
        h("legend", {}, "Network"),
        sliding("gain", this.#gain),
        sliding("inhibition / excitation", this.#inhibition),
        h("div", { class: "ap-line" }, labelled("", this.#asGiven, " as in the model")),
        several && h("div", { class: "ap-line" }, labelled("compared at the same", this.#same)),
      ),
      this.#numbers,
      h("div", {}, this.#outside, this.#only),
    );
    this.#listen();
    this.#drawTypes();
  }

  #listen(): void {
    const store = this.#store;
    const set = <K extends keyof State & string>(name: K, value: State[K]) =>
      store.set({ [name]: value } as Partial<State>);
    listen(this.#only, "click", () => store.stimulate([store.chosen]));
    listen(this.#gain.input, "input", () => set("gain", Number(this.#gain.input.value)));
    listen(this.#inhibition.input, "input", () =>
      set("inhibition", Number(this.#inhibition.input.value)),
    );
    listen(this.#asGiven, "change", () =>
      set("inhibition", this.#asGiven.checked ? null : Number(this.#inhibition.input.value)),
    );
    listen(this.#same, "change", () => set("same", this.#same.value as State["same"]));
    listen(this.#strength, "change", () => {
      const [least, most] = PLAYER_LIMITS.strength;
      const value = Number(this.#strength.value);
      if (value >= least && value <= most) set("strength", value);
      this.draw();
    });
    const times = () => {
      const { dt, duration } = store.get("fixed");
      const [start, end] = [Number(this.#start.value), Number(this.#end.value)];
      const fits = start >= dt && start <= end - dt && end < duration;
      if (fits) set("stimulus_times", [start, end]);
      else store.say(`A stimulus begins after 0 s and ends before ${format(duration)} s.`);
      this.draw();
    };
    listen(this.#start, "change", times);
    listen(this.#end, "change", times);
  }

  #drawTypes(): void {
    const { cells, theme } = this.#store;
    const excitatory = (label: string) => {
      const code = cells.types.labels.indexOf(label);
      return cells.sign[cells.types.codes.indexOf(code as never)] as number;
    };
    const boxes = typeOrder(cells.types.labels).map((label) => {
      const box = h("input", { type: "checkbox", "data-type": label });
      listen(box, "change", () => this.#chooseTypes());
      const line = `background:${color(label, theme)}`;
      const swatch = h("i", {
        style: line,
        class: excitatory(label) === -1 ? "ap-inhibitory" : "",
      });
      return h("label", {}, box, swatch, typeName(label));
    });
    this.#types.replaceChildren(...boxes);
  }

  #chooseTypes(): void {
    const boxes = [...this.#types.querySelectorAll("input")];
    const types = boxes.filter((box) => box.checked).map((box) => box.dataset.type ?? "");
    this.#store.set({ stimulus_cells: [], stimulus_types: types, selected_outside: 0 });
  }

  /** Draws the colours of another theme. */
  setTheme(): void {
    this.#drawTypes();
    this.draw();
  }

  draw(): void {
    const store = this.#store;
    const { cells } = store;
    const { stimulated } = store;
    for (const box of this.#types.querySelectorAll("input")) {
      const code = cells.types.labels.indexOf(box.dataset.type ?? "");
      let [on, off] = [0, 0];
      stimulated.forEach((yes, cell) => {
        if (cells.types.codes[cell] === code) yes ? on++ : off++;
      });
      box.checked = off === 0 && on > 0;
      box.indeterminate = on > 0 && off > 0;
    }
    this.#count.textContent = stimulusWords(store);
    this.#drawSliders();
    for (const [input, value] of [
      [this.#strength, store.get("strength")],
      [this.#start, store.get("stimulus_times")[0]],
      [this.#end, store.get("stimulus_times")[1]],
    ] as const) {
      if (input !== document.activeElement || Number(input.value) !== value)
        input.value = String(value);
    }
    this.#same.value = store.get("same");
    this.drawNumbers();
  }

  #drawSliders(): void {
    const store = this.#store;
    const [first] = store.results;
    const gain = store.get("gain");
    // The radius of the model itself, with its own gain and inhibition.
    const own = store.ownRadius;
    const most = own > 0 ? Math.max(LARGEST_RADIUS / own, gain) : Math.max(3, gain);
    this.#gain.input.max = String(Math.ceil(most * 100) / 100);
    this.#gain.input.value = String(gain);
    const radius = first && first.radius > 0 ? `, spectral radius ${first.radius.toFixed(2)}` : "";
    this.#gain.output.textContent = `× ${gain.toFixed(2)}${radius}`;
    this.#gain.input.setAttribute("aria-valuetext", `${gain.toFixed(2)} times${radius}`);
    const ratio = store.get("inhibition");
    const measured = store.ownInhibition;
    this.#inhibition.input.value = String(ratio ?? measured);
    this.#inhibition.output.textContent = (ratio ?? measured).toFixed(2);
    this.#asGiven.checked = ratio === null;
  }

  /** The numbers that change with time, too. */
  drawNumbers(): void {
    const store = this.#store;
    const { results, chosen } = store;
    const row = (name: string, of: (k: number) => string) =>
      h("tr", {}, h("th", { scope: "row" }, name), ...results.map((_, k) => h("td", {}, of(k))));
    const at = (k: number) => results[k] as (typeof results)[number];
    const step = (k: number) => Math.min(store.step, at(k).run.done - 1);
    const cell =
      chosen >= 0 &&
      row(cellName(store, chosen), (k) => rateWords(at(k).run.rate(chosen, step(k))));
    const heads = results.map(({ label }) => h("th", { scope: "col" }, clipped(label)));
    const head = h("thead", {}, h("tr", {}, h("td"), ...heads));
    this.#numbers.replaceChildren(
      h("caption", {}, "Results"),
      ...(results.length > 1 ? [head] : []),
      h(
        "tbody",
        {},
        row("stability", (k) => at(k).stability ?? "not known without Python"),
        row("spectral radius", (k) => (at(k).radius >= 0 ? at(k).radius.toFixed(3) : "–")),
        row("decays in", (k) => decayWords(store, at(k))),
        row("mean rate now", (k) => rateWords(at(k).run.measured[step(k)] as number)),
        cell,
      ),
    );
    const outside = store.get("outside");
    this.#outside.textContent = outside ? `The chosen cell ${outside} is not in the network.` : "";
    this.#only.hidden = chosen < 0;
  }
}

function slider(min: number, max: number, step: number) {
  return {
    input: h("input", { type: "range", min, max, step }),
    output: h("output", {}),
  };
}

function sliding(name: string, { input, output }: ReturnType<typeof slider>): HTMLElement {
  // Without the number, which the slider has as its value.
  input.setAttribute("aria-label", name);
  return h("label", { class: "ap-sliding" }, h("span", {}, name), output, input);
}

function field(limits?: keyof typeof PLAYER_LIMITS): HTMLInputElement {
  const min = limits ? PLAYER_LIMITS[limits][0] : 0;
  return h("input", { type: "number", min, step: "any", inputmode: "decimal" });
}

function labelled(name: string, input: HTMLElement, after?: HTMLElement | string): HTMLElement {
  return h("label", {}, name && h("span", {}, name), input, after);
}
