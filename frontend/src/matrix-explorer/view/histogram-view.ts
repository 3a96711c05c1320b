// The histogram of connection strengths, among the selected cells or in view.
import { VALUE_TITLES } from "../../shared/contract";
import { h, svg } from "../../shared/dom";
import { counted, format, short } from "../../shared/number-format";
import { color } from "../../shared/palette";
import { connectionSubset } from "../data/connection-subset";
import type { Value } from "../data/connection-values";
import {
  BINS,
  type Distribution,
  distributionOf,
  expected,
  logStrengths,
  strengthOf,
} from "../data/strength-distribution";
import type { Store } from "../store";

const WIDTH = 280;
const HEIGHT = 130;
const AXIS_HEIGHT = 18;
const TOP_MARGIN = 6;
// During movements the matrix comes first.
const DELAY_MS = 120;
// A fit to a handful of connections is meaningless.
const FEWEST_FOR_FIT = 10;
const OF = { selection: "selected", view: "in view", all: "all" };

export class HistogramView {
  readonly root: HTMLElement;
  readonly #store: Store;
  readonly #chart = h("div");
  readonly #title = h("h3");
  readonly #text = h("p");
  #logs: { value: Value; logs: Float32Array } | undefined;
  #whole: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, signal: AbortSignal) {
    this.#store = store;
    this.root = h("section", { class: "mx-histogram" }, this.#title, this.#chart, this.#text);
    store.on((change) => {
      if (change !== "cross" && change !== "status" && change !== "mode") this.#schedule();
    });
    // After the first picture of the matrix, not before.
    const first = requestAnimationFrame(() => this.#schedule());
    signal.addEventListener("abort", () => {
      cancelAnimationFrame(first);
      clearTimeout(this.#timer);
    });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), DELAY_MS);
  }

  #draw(): void {
    const value = strengthOf(this.#store.get("value"), this.#store.hasSizes);
    if (this.#logs?.value !== value) {
      this.#logs = { value, logs: logStrengths(this.#store.data, value) };
    }
    const { entries, of } = connectionSubset(this.#store);
    // Only the order has changed.
    const whole = of === "all" ? `${value} ${this.#store.theme}` : undefined;
    if (whole && this.#whole === whole) return;
    this.#whole = whole;
    const strengths = distributionOf(this.#logs.logs, entries);
    this.#title.textContent = `Strength: ${VALUE_TITLES[value]}`;
    const fit =
      strengths.n >= FEWEST_FOR_FIT
        ? `; log-normal fit: median ${format(10 ** strengths.mean)}, σ = ${format(strengths.spread)} decades`
        : "";
    this.#text.textContent = `${counted(entries.length, "connection")} (${OF[of]})${fit}`;
    this.#chart.replaceChildren(
      chart(strengths, this.#text.textContent, color("output", this.#store.theme)),
    );
  }
}

function chart(strengths: Distribution, label: string, fill: string): SVGSVGElement {
  const { bins, low, high, n } = strengths;
  const span = high - low || 1;
  const x = (log: number) => ((log - low) / span) * WIDTH;
  const steps = Array.from({ length: 81 }, (_, k) => low + (k / 80) * (high - low));
  const most = Math.max(1, ...bins, ...steps.map((log) => expected(strengths, log)));
  const y = (count: number) =>
    TOP_MARGIN + (1 - count / most) * (HEIGHT - TOP_MARGIN - AXIS_HEIGHT);
  const bars = Array.from(bins, (count, bin) =>
    svg("rect", {
      x: (bin / BINS) * WIDTH + 0.5,
      y: y(count),
      width: WIDTH / BINS - 1,
      height: HEIGHT - AXIS_HEIGHT - y(count),
      fill,
    }),
  );
  const line = steps.map((log) => `${x(log).toFixed(1)},${y(expected(strengths, log)).toFixed(1)}`);
  const curve = svg("polyline", {
    points: line.join(" "),
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.5,
  });
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Histogram: ${label}` },
    ...(n > 0 ? bars : []),
    n >= FEWEST_FOR_FIT && curve,
    ...(n > 0 ? ticks(low, high).flatMap((log) => tick(x(log), short(10 ** log))) : []),
  );
}

function tick(x: number, text: string): SVGElement[] {
  const line = {
    x1: x,
    x2: x,
    y1: HEIGHT - AXIS_HEIGHT,
    y2: HEIGHT - AXIS_HEIGHT + 4,
    stroke: "currentColor",
  };
  const place = { x, y: HEIGHT - 4, "text-anchor": anchor(x), "font-size": 10 };
  return [svg("line", line), svg("text", { ...place, fill: "currentColor" }, text)];
}

function anchor(x: number): string {
  return x < 12 ? "start" : x > WIDTH - 12 ? "end" : "middle";
}

/** Round numbers on a logarithmic axis, as log10: powers of ten or, on a short axis, more. */
export function ticks(low: number, high: number): number[] {
  for (const steps of TICKS) {
    const candidates: number[] = [];
    for (let decade = Math.floor(low); decade <= high; decade++) {
      candidates.push(...steps.map((step) => decade + Math.log10(step)));
    }
    const visible = candidates.filter((log) => log >= low - 1e-9 && log <= high + 1e-9);
    if (visible.length >= 3 || steps === TICKS.at(-1)) return visible;
  }
  return [];
}

const TICKS = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]];
