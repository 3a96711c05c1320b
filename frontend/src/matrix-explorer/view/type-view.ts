// The view by type: a box for each type pair; a click on it shows its cells.
import { h, listen, svg } from "../../shared/dom";
import { counted, format, percent, short } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { Theme } from "../../shared/theme";
import { Tooltip } from "../../shared/tooltip";
import { ChanceSource, type Comparison, shownRatio } from "../data/chance";
import {
  summarise,
  TYPE_TITLES,
  type TypeSummary,
  type TypeValue,
  typeValue,
} from "../data/type-summary";
import { colorAt, css, inkOn, noConnection, ratioPlace } from "../render/color-scales";
import { labelName } from "../state";
import type { Store } from "../store";

// explorer.css has the same number.
const LEFT = 84;
const TOP = 84;
const BOX = { smallest: 38, largest: 64, height: 32 };
const RIGHT = 8;
const FONT = { family: "system-ui, sans-serif", size: 11 };
const EMPTY_INK = { light: "#333", dark: "#ccd0d5" };
// The number of characters that fit beside and above the boxes.
const LONGEST_LABEL = 13;

const ARROWS: Record<string, [down: number, across: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export class TypeView {
  readonly root: HTMLElement;
  /** The value at the upper end of the colour scale. */
  high = 1;
  readonly #store: Store;
  readonly #opened: (text: string) => void;
  readonly #board = h("div", { class: "mx-types-board" });
  // For the eye: screen readers have the same from the button that has the focus.
  readonly #readout = h("p", { class: "mx-readout" });
  readonly #tooltip = new Tooltip();
  readonly #chance: ChanceSource;
  #summary: { by: string; summary: TypeSummary } | undefined;
  #at = 0;
  /** The type pair that a finger reads. */
  #touched: number | null = null;

  /** `opened` gets the chosen type pair in words. */
  constructor(store: Store, opened: (text: string) => void, signal: AbortSignal) {
    this.#store = store;
    this.#chance = new ChanceSource(store.model, signal);
    this.#opened = opened;
    const parts = [this.#board, this.#readout, this.#tooltip.el];
    this.root = h("div", { class: "mx-types" }, ...parts);
    listen(this.#board, "keydown", (event) => this.#key(event));
    listen(this.#board, "click", (event) => {
      const typePair = typePairOf(event.target);
      if (typePair === null) return;
      // A finger has no tooltip: it reads first, and opens what it reads.
      const reads = (event as PointerEvent).pointerType === "touch" && typePair !== this.#touched;
      this.#touched = reads ? typePair : null;
      if (reads) this.#showReadout(typePair, ". Tap again to show its cells.");
      else this.#open(typePair);
    });
    listen(this.#board, "pointermove", (event) => {
      const typePair = typePairOf(event.target);
      this.#showReadout(typePair);
      this.#showTooltip(event.pointerType === "touch" ? null : typePair, event);
    });
    for (const type of ["pointerleave", "scroll"] as const)
      listen(this.#board, type, () => this.#tooltip.hide());
    listen(this.#board, "focusin", (event) => this.#showReadout(typePairOf(event.target)));
  }

  get summary(): TypeSummary {
    const by = this.#store.get("by");
    if (this.#summary?.by !== by) {
      this.#summary = { by, summary: summarise(this.#store.data, by) };
      this.#at = 0;
    }
    return this.#summary.summary;
  }

  /** A picture for a light ground, of the size that it has in a wide page. */
  picture(): SVGSVGElement {
    return this.#drawing("light", LEFT + BOX.largest * this.summary.postLabels.length + RIGHT);
  }

  draw(): void {
    const focused = this.#board.contains(document.activeElement);
    const boxes = this.#drawing(this.#store.theme, this.#board.clientWidth);
    // Over the same names in the drawing, which scroll.
    boxes.style.marginLeft = `${-LEFT}px`;
    this.#board.replaceChildren(this.#rowNames(this.#store.theme), boxes);
    this.#showReadout(null);
    this.#tooltip.hide();
    if (focused) this.#focus(this.#at);
    if (this.#store.get("type_value") === "ratio") this.#compare();
  }

  /** Gets the random networks that are missing; the picture is drawn again with each answer. */
  #compare(): void {
    const shown = this.#comparison?.n;
    this.#chance.fetch(this.summary, (text) => {
      this.#store.setStatus(text);
      if (this.#comparison?.n !== shown) this.draw();
    });
  }

  get #comparison(): Comparison | null {
    return this.#store.get("type_value") === "ratio" ? this.#chance.get(this.summary) : null;
  }

  #rowNames(theme: Theme): SVGSVGElement {
    const { preLabels } = this.summary;
    return svg(
      "svg",
      {
        class: "mx-row-names",
        width: LEFT,
        height: TOP + BOX.height * preLabels.length + RIGHT,
        "aria-hidden": "true",
        "font-family": FONT.family,
        "font-size": FONT.size,
      },
      ...rowLabels(preLabels, theme),
    );
  }

  #drawing(theme: Theme, room: number): SVGSVGElement {
    const { preLabels, postLabels } = this.summary;
    const value = this.#store.get("type_value");
    const n = preLabels.length * postLabels.length;
    const comparison = this.#comparison;
    const values = Array.from({ length: n }, (_, typePair) =>
      value === "ratio"
        ? shownRatio(comparison, typePair)
        : typeValue(this.summary, value, typePair),
    );
    this.high = Math.max(0, ...values.filter((one) => !Number.isNaN(one))) || 1;
    const available = (room - LEFT - RIGHT) / postLabels.length;
    const across = Math.floor(Math.min(Math.max(available, BOX.smallest), BOX.largest));
    const width = LEFT + across * postLabels.length + RIGHT;
    const height = TOP + BOX.height * preLabels.length + RIGHT;
    return svg(
      "svg",
      {
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        role: "group",
        "aria-label": `${TYPE_TITLES[value]} by type; arrow keys move between type pairs, Enter shows their cells`,
        "font-family": FONT.family,
        "font-size": FONT.size,
      },
      ...rowLabels(preLabels, theme),
      ...postLabels.map((label, column) =>
        axisLabel(label, LEFT + across * (column + 0.5), TOP - 8, true, theme),
      ),
      ...values.map((one, typePair) => this.#typePair(typePair, one, value, across, theme)),
    );
  }

  #typePair(
    typePair: number,
    value: number,
    name: TypeValue,
    across: number,
    theme: Theme,
  ): SVGGElement {
    const width = this.summary.postLabels.length;
    const row = Math.floor(typePair / width);
    const x = LEFT + across * (typePair - row * width);
    const y = TOP + BOX.height * row;
    const ratio = name === "ratio";
    const rgb = ratio
      ? colorAt("ratio", ratioPlace(value), theme)
      : colorAt(this.#store.get("colormap"), value / this.high, theme);
    const empty = Number.isNaN(value) || (value === 0 && !ratio);
    const ink = empty ? EMPTY_INK[theme] : inkOn(rgb);
    const text = (content: string, down: number, size: number) =>
      svg(
        "text",
        { x: x + across / 2, y: y + down, "text-anchor": "middle", fill: ink, "font-size": size },
        content,
      );
    const pairs = this.summary.pairsPossible[typePair] as number;
    const valueText = name === "probability" ? percent(value) : ratio ? times(value) : short(value);
    const expected = this.#comparison?.expected[typePair];
    const of = ratio
      ? `(${expected === undefined ? "…" : short(expected, 999)})`
      : `of ${short(pairs, across < 50 ? 999 : undefined)}`;
    return svg(
      "g",
      {
        class: "mx-field",
        "data-field": typePair,
        role: "button",
        tabindex: typePair === this.#at ? 0 : -1,
        // The visible text comes first, so that speech control finds the button by it.
        "aria-label": `${valueText} ${of}, ${this.describe(typePair)}`,
      },
      svg("rect", {
        x: x + 0.5,
        y: y + 0.5,
        width: across - 1,
        height: BOX.height - 1,
        fill: empty ? noConnection(theme) : css(rgb),
      }),
      text(`${valueText} `, 14, 11),
      text(of, 26, 9),
    );
  }

  /** A type pair in words, with all its numbers. */
  describe(typePair: number): string {
    return `${this.#types(typePair).join(" → ")}: ${this.#numbers(typePair).join(", ")}`;
  }

  #types(typePair: number): [pre: string, post: string] {
    const { preLabels, postLabels } = this.summary;
    const row = Math.floor(typePair / postLabels.length);
    const column = typePair - row * postLabels.length;
    return [labelName(preLabels[row] ?? ""), labelName(postLabels[column] ?? "")];
  }

  #numbers(typePair: number): string[] {
    const { summary } = this;
    const [connected, possible] = [
      summary.pairsConnected[typePair] as number,
      summary.pairsPossible[typePair] as number,
    ];
    const parts = [
      `${format(connected)} of ${counted(possible, "pair")} connected ` +
        `(${percent(typeValue(summary, "probability", typePair))})`,
    ];
    // Before what is less important: on a phone only the first lines are in sight.
    const comparison = this.#comparison;
    if (comparison) parts.push(comparedText(comparison, typePair));
    if (connected > 0) {
      const mean = format(typeValue(summary, "mean_synapses", typePair));
      parts.push(`${mean} ${mean === "1" ? "synapse" : "synapses"} per connected pair`);
      const size = typeValue(summary, "mean_size", typePair);
      if (this.#store.hasSizes) parts.push(`mean size ${format(size)} voxels`);
    }
    return parts;
  }

  #key(event: KeyboardEvent): void {
    const typePair = typePairOf(event.target);
    if (typePair === null) return;
    const width = this.summary.postLabels.length;
    const step = ARROWS[event.key];
    if (step) {
      const row = Math.floor(typePair / width) + step[0];
      const column = (typePair % width) + step[1];
      if (row >= 0 && row < this.summary.preLabels.length && column >= 0 && column < width) {
        this.#focus(row * width + column);
      }
    } else if (event.key === "Enter" || event.key === " ") this.#open(typePair);
    else return;
    event.preventDefault();
  }

  #focus(typePair: number): void {
    const find = (at: number) => this.#board.querySelector<SVGGElement>(`[data-field="${at}"]`);
    find(this.#at)?.setAttribute("tabindex", "-1");
    this.#at = typePair;
    const target = find(typePair);
    target?.setAttribute("tabindex", "0");
    target?.focus();
  }

  #open(typePair: number): void {
    const { preLabels, postLabels } = this.summary;
    const row = Math.floor(typePair / postLabels.length);
    const column = typePair - row * postLabels.length;
    const text = this.describe(typePair);
    this.#store.lookAtTypes(preLabels[row] ?? "", postLabels[column] ?? "");
    this.#opened(text);
  }

  #showTooltip(typePair: number | null, { clientX, clientY }: MouseEvent): void {
    if (typePair === null) {
      this.#tooltip.hide();
      return;
    }
    const [pre, post] = this.#types(typePair);
    const { left, top } = this.root.getBoundingClientRect();
    this.#tooltip.show(
      [
        ["from", pre],
        ["onto", post],
        ...this.#numbers(typePair).map((text): [string, string] => ["", text]),
      ],
      clientX - left,
      clientY - top,
    );
  }

  #showReadout(typePair: number | null, next = ""): void {
    const text =
      typePair === null ? "Choose a type pair to show its cells." : this.describe(typePair) + next;
    if (this.#readout.textContent !== text) this.#readout.textContent = text;
  }
}

/** A ratio; infinite if no random network has such a pair. */
function times(ratio: number): string {
  if (Number.isNaN(ratio)) return "–";
  return Number.isFinite(ratio) ? ratio.toFixed(2) : "∞";
}

function comparedText(comparison: Comparison, typePair: number): string {
  const at = (name: "expected" | "low" | "high" | "p") => comparison[name][typePair] as number;
  const expected = `${format(at("expected"))} expected by chance`;
  const ratio = shownRatio(comparison, typePair);
  if (Number.isNaN(ratio)) return `${expected}, too few for a ratio`;
  return (
    `${expected}: ratio ${times(ratio)} (${times(at("low"))} to ${times(at("high"))}), ` +
    `p = ${format(at("p"))} (${comparison.n} random networks)`
  );
}

function typePairOf(target: EventTarget | null): number | null {
  const element = target instanceof Element ? target.closest("[data-field]") : null;
  return element ? Number(element.getAttribute("data-field")) : null;
}

function rowLabels(labels: readonly string[], theme: Theme): SVGElement[] {
  const title = (y: number, text: string) =>
    svg("text", { x: LEFT - 8, y, "text-anchor": "end", fill: "currentColor" }, text);
  return [
    title(26, "onto →"),
    title(TOP - 8, "from ↓"),
    ...labels.map((label, row) =>
      axisLabel(label, LEFT - 8, TOP + BOX.height * (row + 0.5), false, theme),
    ),
  ];
}

function axisLabel(label: string, x: number, y: number, above: boolean, theme: Theme): SVGGElement {
  const turn = above ? { transform: `rotate(-60 ${x} ${y - 8})` } : {};
  const swatch = above
    ? svg("rect", { x: x - 8, y, width: 16, height: 4, fill: color(label, theme) })
    : svg("rect", { x: x + 3, y: y - 8, width: 4, height: 16, fill: color(label, theme) });
  const text = svg(
    "text",
    {
      x,
      y: above ? y - 5 : y + 4,
      "text-anchor": above ? "start" : "end",
      fill: "currentColor",
      ...turn,
    },
    labelName(label, LONGEST_LABEL),
  );
  return svg("g", {}, svg("title", {}, labelName(label)), text, swatch);
}
