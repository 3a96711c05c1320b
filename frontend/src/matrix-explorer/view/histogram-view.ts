// The distribution of strengths on the screen, of what is selected or seen.
import { h, svg } from "../../shared/dom";
import { counted, format, short } from "../../shared/number-format";
import { color } from "../../shared/palette";
import { focusOf } from "../data/connection-subset";
import { VALUES, type Value } from "../data/connection-values";
import {
  BINS,
  expected,
  logStrengths,
  type Strengths,
  spreadOf,
  strengthOf,
} from "../data/strength-distribution";
import type { Store } from "../store";

const WIDTH = 280;
const HEIGHT = 130;
const FOOT = 18;
const HEAD = 6;
// While one moves, the picture comes first.
const AFTER_MS = 120;
// A curve through a handful of connections says nothing.
const FEWEST = 10;
const OF = { selection: "selected", view: "in view", all: "all" };

export class HistogramView {
  readonly root: HTMLElement;
  readonly #store: Store;
  readonly #chart = h("div");
  readonly #title = h("h3");
  readonly #text = h("p");
  #logs: { value: Value; logs: Float32Array } | undefined;
  #drawnOfAll: Value | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, signal: AbortSignal) {
    this.#store = store;
    this.root = h("section", { class: "mx-histogram" }, this.#title, this.#chart, this.#text);
    store.on((change) => {
      if (change !== "cross" && change !== "status" && change !== "mode") this.#later();
    });
    // After the first picture of the matrix, not before it.
    const first = requestAnimationFrame(() => this.#later());
    signal.addEventListener("abort", () => {
      cancelAnimationFrame(first);
      clearTimeout(this.#timer);
    });
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), AFTER_MS);
  }

  #draw(): void {
    const value = strengthOf(this.#store.get("value"));
    if (this.#logs?.value !== value) {
      this.#logs = { value, logs: logStrengths(this.#store.data, value) };
    }
    const { entries, of } = focusOf(this.#store);
    // Another order of the same connections.
    if (of === "all" && this.#drawnOfAll === value) return;
    this.#drawnOfAll = of === "all" ? value : undefined;
    const strengths = spreadOf(this.#logs.logs, entries);
    this.#title.textContent = `Strength: ${VALUES[value]}`;
    const fit =
      strengths.n >= FEWEST
        ? `; log-normal: median ${format(10 ** strengths.mean)}, σ = ${format(strengths.spread)} decades`
        : "";
    this.#text.textContent = `${counted(entries.length, "connection")} (${OF[of]})${fit}`;
    this.#chart.replaceChildren(chart(strengths, this.#text.textContent));
  }
}

function chart(strengths: Strengths, label: string): SVGSVGElement {
  const { bins, low, high, n } = strengths;
  const span = high - low || 1;
  const x = (log: number) => ((log - low) / span) * WIDTH;
  const steps = Array.from({ length: 81 }, (_, k) => low + (k / 80) * (high - low));
  const most = Math.max(1, ...bins, ...steps.map((log) => expected(strengths, log)));
  const y = (count: number) => HEAD + (1 - count / most) * (HEIGHT - HEAD - FOOT);
  const bars = Array.from(bins, (count, bin) =>
    svg("rect", {
      x: (bin / BINS) * WIDTH + 0.5,
      y: y(count),
      width: WIDTH / BINS - 1,
      height: HEIGHT - FOOT - y(count),
      fill: color("output"),
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
    n >= FEWEST && curve,
    ...(n > 0 ? ticks(low, high).flatMap((log) => tick(x(log), short(10 ** log))) : []),
  );
}

function tick(x: number, text: string): SVGElement[] {
  const line = { x1: x, x2: x, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT + 4, stroke: "currentColor" };
  const place = { x, y: HEIGHT - 4, "text-anchor": anchor(x), "font-size": 10 };
  return [svg("line", line), svg("text", { ...place, fill: "currentColor" }, text)];
}

function anchor(x: number): string {
  return x < 12 ? "start" : x > WIDTH - 12 ? "end" : "middle";
}

/** Round numbers on a logarithmic axis, as log10: powers of ten, or closer where it is short. */
export function ticks(low: number, high: number): number[] {
  for (const steps of TICKS) {
    const found: number[] = [];
    for (let decade = Math.floor(low); decade <= high; decade++) {
      found.push(...steps.map((step) => decade + Math.log10(step)));
    }
    const shown = found.filter((log) => log >= low - 1e-9 && log <= high + 1e-9);
    if (shown.length >= 3 || steps === TICKS.at(-1)) return shown;
  }
  return [];
}

const TICKS = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]];
