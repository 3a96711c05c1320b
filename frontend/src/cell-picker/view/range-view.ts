// A range filter: a small histogram to drag over, and two fields for its ends.
import type { NumberColumn } from "../../shared/columns";
import { h, listen, svg } from "../../shared/dom";
import type { Range } from "../data/filters";
import { BINS, binned, type Scale, scaleOf } from "../data/histogram";
import type { Store } from "../store";
import { heading } from "./headings";

const HEIGHT = 36;

export class RangeView {
  readonly element: HTMLDetailsElement;
  readonly #store: Store;
  readonly #name: string;
  readonly #column: NumberColumn;
  readonly #logarithmic: boolean;
  // Computed when the filter is first painted, after the first rows of the table.
  #lazyScale: Scale | undefined;
  // Computed when the histogram is first unfolded.
  #bins: Uint8Array | undefined;
  readonly #backdrop = svg("path", { class: "mw-backdrop" });
  readonly #bars = svg("path", { class: "mw-bars" });
  readonly #interval = svg("rect", { class: "mw-interval", y: 0, height: HEIGHT });
  readonly #picture: SVGSVGElement;
  readonly #low: HTMLInputElement;
  readonly #high: HTMLInputElement;
  #start = 0;

  constructor(store: Store, column: NumberColumn) {
    this.#store = store;
    this.#name = column.name;
    const { title, unfolded, logarithmic } = heading(column.name);
    this.#logarithmic = logarithmic === true;
    this.#column = column;
    this.#picture = svg(
      "svg",
      {
        viewBox: `0 0 ${BINS} ${HEIGHT}`,
        preserveAspectRatio: "none",
        class: "mw-histogram",
        "aria-hidden": "true",
      },
      this.#interval,
      this.#backdrop,
      this.#bars,
    );
    this.#low = field(`Lowest ${title}`);
    this.#high = field(`Highest ${title}`);
    this.element = h(
      "details",
      { class: "mw-facet", open: unfolded === true, "data-filter": column.name },
      h("summary", {}, title),
      this.#picture,
      h(
        "div",
        { class: "mw-ends" },
        this.#low,
        h("span", { "aria-hidden": "true" }, "–"),
        this.#high,
      ),
    );
    listen(this.element, "toggle", () => this.paint());
    listen(this.element, "change", () => this.#read());
    this.#brush();
  }

  /** Updates the counts, if the histogram is unfolded. */
  paint(): void {
    const range = this.#store.choice.filters[this.#name] as Range | undefined;
    this.element.toggleAttribute("data-filtering", range !== undefined);
    if (!this.element.open) return;
    this.#bins ??= this.#allBins();
    const counts = this.#store.crossfilter.counts(this.#bins, BINS, this.#name);
    this.#bars.setAttribute("d", outline(counts));
    const [low, high] = range ?? [null, null];
    this.#low.value = low === null ? "" : String(low);
    this.#high.value = high === null ? "" : String(high);
    const from = low === null ? 0 : this.#scale.toUnit(Math.max(low, this.#scale.low));
    const to = high === null ? 1 : this.#scale.toUnit(Math.min(high, this.#scale.high));
    this.#interval.toggleAttribute("hidden", range === undefined);
    this.#interval.setAttribute("x", String(from * BINS));
    this.#interval.setAttribute("width", String(Math.max(0, (to - from) * BINS)));
  }

  #allBins(): Uint8Array {
    const bins = binned(this.#column.values, this.#scale);
    const placeholder = (bound: number) => String(Number(bound.toPrecision(4)));
    this.#low.placeholder = placeholder(this.#scale.low);
    this.#high.placeholder = placeholder(this.#scale.high);
    const all = new Uint32Array(BINS);
    for (const bin of bins) all[bin] = (all[bin] ?? 0) + 1;
    this.#backdrop.setAttribute("d", outline(all));
    return bins;
  }

  get #scale(): Scale {
    this.#lazyScale ??= scaleOf(this.#column.values, this.#logarithmic);
    return this.#lazyScale;
  }

  #read(): void {
    const number = (field: HTMLInputElement) => (field.value === "" ? null : Number(field.value));
    const [low, high] = [number(this.#low), number(this.#high)];
    if (low !== null && high !== null && low > high) this.#set([high, low]);
    else this.#set([low, high]);
  }

  #set([low, high]: Range, continuous = false): void {
    const range: Range | null = low === null && high === null ? null : [low, high];
    this.#store.filter(this.#name, range, continuous);
  }

  #brush(): void {
    const part = (event: PointerEvent) => {
      const { left, width } = this.#picture.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - left) / width));
    };
    listen(this.#picture, "pointerdown", (event) => {
      if (event.button !== 0) return;
      this.#start = part(event);
      this.#picture.setPointerCapture(event.pointerId);
    });
    listen(this.#picture, "pointermove", (event) => {
      if (this.#picture.hasPointerCapture(event.pointerId)) this.#drag(this.#start, part(event));
    });
    // A click without dragging removes the range.
    listen(this.#picture, "click", (event) => {
      if (Math.abs(part(event as PointerEvent) - this.#start) < 0.01) this.#set([null, null]);
    });
  }

  #drag(a: number, b: number): void {
    if (Math.abs(a - b) < 0.01) return;
    const end = (part: number) => Number(this.#scale.fromUnit(part).toPrecision(3));
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    this.#set([from <= 0 ? null : end(from), to >= 1 ? null : end(to)], true);
  }
}

function field(label: string): HTMLInputElement {
  return h("input", { type: "number", step: "any", "aria-label": label });
}

/** Bars as a path, the highest as high as the picture: what matters is the shape. */
function outline(counts: Uint32Array): string {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const bar = (n: number, bin: number) => {
    // A square root, so that small counts stay visible beside large ones.
    const height = (HEIGHT * Math.sqrt(n / most)).toFixed(2);
    return `M${bin + 0.05} ${HEIGHT}v-${height}h0.9v${height}z`;
  };
  return Array.from(counts, bar).join("");
}
