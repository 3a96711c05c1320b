// The matrix on the screen: two canvases, one over the other, drawn at most once per frame.
import { h } from "../../shared/dom";
import { Tooltip } from "../../shared/tooltip";
import { type PixelContents, pixelContents } from "../data/pixel-contents";
import { MatrixPainter, type Style } from "../render/matrix-painter";
import { drawOverlay, type Rectangle } from "../render/overlay-painter";
import { type Frame, frameOf } from "../render/plot-frame";
import type { Header, Place, Store } from "../store";
import {
  describeHeader,
  describeOutside,
  describePlace,
  entryLines,
  guidesInView,
  headerLines,
} from "./descriptions";
import { KEYS } from "./help";
import { listenToKeys } from "./keyboard";
import { Minimap } from "./minimap";
import { listenToPointer } from "./pointer";
import { zoomButtons } from "./zoom-buttons";

const HIGHEST_RATIO = 2;
const READOUT_NARROW = 480;
// Short, because a sentence about the chosen cell may come before it; the menu More says it all.
const HINT = "Click, then scroll to zoom, drag to pan.";
const TOUCH_HINT = "Tap, then pinch to zoom, drag to pan.";
const AS_TABLE = "The list Show offers the same as a table.";
/** Lines of text below the matrix, in CSS pixels. */
const READOUT = { wide: 36, narrow: 52 };

export class MatrixView {
  readonly root: HTMLElement;
  readonly plot: HTMLElement;
  readonly picture: MatrixPainter;
  frame: Frame;
  ratio = 1;
  /** Whether dragging selects instead of moving. */
  dragSelects = false;
  /** The picture and the text below it are at most this high. */
  tallest = Number.POSITIVE_INFINITY;
  readonly #store: Store;
  readonly #base = h("canvas", { "aria-hidden": "true" });
  readonly #upper = h("canvas", { "aria-hidden": "true" });
  readonly #readout = h("p", { class: "mx-readout", tabindex: 0 });
  readonly #announcement = h("p", { class: "mw-aloud", "aria-live": "polite" });
  readonly #minimap: Minimap;
  readonly #tooltip = new Tooltip();
  readonly #hint: string;
  #mouse: { x: number; y: number } | null = null;
  #note = "";
  #brush: Rectangle | null = null;
  #frameRequest = 0;
  #baseIsStale = true;

  constructor(store: Store, signal: AbortSignal, touchOnly: boolean) {
    this.#store = store;
    this.#hint = touchOnly ? TOUCH_HINT : HINT;
    this.picture = new MatrixPainter(store);
    this.frame = frameOf(640, store.layout.nRows, store.layout.nColumns);
    this.#minimap = new Minimap(store);
    const { nRows, nColumns } = store.layout;
    this.plot = h(
      "div",
      {
        class: "mx-plot",
        role: "application",
        tabindex: 0,
        "aria-roledescription": "connectivity matrix",
        "aria-label":
          `Connectivity matrix, ${nRows} presynaptic by ${nColumns} postsynaptic cells` +
          (store.layout.entries.length > 0 ? "" : ", no connections"),
        "aria-description": touchOnly ? AS_TABLE : `${KEYS} ${AS_TABLE}`,
      },
      this.#base,
      this.#upper,
      this.#minimap.root,
      zoomButtons(store),
      this.#readout,
      this.#tooltip.el,
    );
    this.root = h("div", { class: "mx-matrix" }, this.plot, this.#announcement);
    listenToPointer(this, store);
    listenToKeys(this, store, (text) => {
      this.#note = "";
      this.#announcement.textContent = text;
    });
    store.on((change) => {
      if (change === "picture" || change === "window") this.#baseIsStale = true;
      if (change === "picture") this.#minimap.invalidate();
      if (change === "choice") this.#note = "";
      this.#schedule();
    });
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frameRequest));
    this.#updateReadout();
  }

  /** Fits the canvases to the available space, and draws at once. */
  resize(): void {
    const width = this.root.clientWidth;
    if (width === 0) return;
    const { nRows, nColumns } = this.#store.layout;
    const readout = width < READOUT_NARROW ? READOUT.narrow : READOUT.wide;
    this.frame = frameOf(width, nRows, nColumns, this.tallest - readout);
    this.ratio = Math.min(devicePixelRatio, HIGHEST_RATIO);
    for (const canvas of [this.#base, this.#upper]) {
      canvas.width = Math.round(this.frame.width * this.ratio);
      canvas.height = Math.round(this.frame.height * this.ratio);
      canvas.style.width = `${this.frame.width}px`;
      canvas.style.height = `${this.frame.height}px`;
    }
    this.mouse = null;
    this.plot.style.height = `${this.frame.height + readout}px`;
    this.#readout.style.height = `${readout}px`;
    this.#minimap.invalidate();
    this.#baseIsStale = true;
    this.#draw();
  }

  /** Takes the focus, and says what is in view. */
  enter(text: string): void {
    this.plot.focus({ preventScroll: true });
    this.#announcement.textContent = text;
  }

  /** Drawn again without another change: after a click the cross-hair stays when the mouse leaves. */
  set mouse(at: { x: number; y: number } | null) {
    this.#mouse = at;
    this.#schedule();
  }

  set note(text: string) {
    this.#note = text;
    if (text) this.#announcement.textContent = text;
    this.#schedule();
  }

  set brush(rectangle: Rectangle | null) {
    this.#brush = rectangle;
    this.#schedule();
  }

  get style(): Style {
    const style = getComputedStyle(this.root);
    const color = (name: string) => style.getPropertyValue(`--mx-${name}`);
    return {
      ink: color("ink"),
      quiet: color("quiet"),
      paper: color("paper"),
      theme: this.#store.theme,
    };
  }

  #schedule(): void {
    if (this.#frameRequest) return;
    this.#frameRequest = requestAnimationFrame(() => {
      this.#frameRequest = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const [base, upper] = [contextOf(this.#base, false), contextOf(this.#upper, true)];
    if (this.#baseIsStale) {
      this.picture.draw(base, this.frame, this.ratio, this.style);
      this.#minimap.draw(this.frame, this.ratio);
      this.#baseIsStale = false;
    }
    const { cross, lit } = this.#store;
    const choices = ["pair", "cell", "selected_pre", "selected_post"] as const;
    const marked = cross !== null || lit.length > 0 || this.#brush !== null;
    const empty = !marked && !choices.some((name) => this.#store.get(name)?.length);
    this.#upper.hidden = empty;
    if (!empty) drawOverlay(upper, this.frame, this.ratio, this.#store, this.#brush);
    this.#updateReadout();
    this.#updateTooltip();
  }

  #updateReadout(): void {
    const { cross, header } = this.#store;
    const text = this.#note
      ? this.#note
      : cross
        ? describePlace(this.#store, cross)
        : header
          ? describeHeader(this.#store, header)
          : `${this.#chosenCell()}${this.#hint}`;
    if (this.#readout.textContent !== text) this.#readout.textContent = text;
  }

  #updateTooltip(): void {
    const { cross, header } = this.#store;
    if (!this.#mouse || !(cross || header)) {
      this.#tooltip.hide();
      return;
    }
    const { x, y } = this.#mouse;
    const lines = cross
      ? entryLines(this.#store, cross, this.#pixel(cross, x, y))
      : headerLines(this.#store, header as Header);
    this.#tooltip.show(lines, x, y);
  }

  // What else is in the pixel under the mouse, unless a click chose a connection beside it.
  #pixel(cross: Place, x: number, y: number): PixelContents | null {
    const pixel = pixelContents(this.#store, this.frame, this.ratio, x, y);
    return pixel?.connected === 0 && this.#store.entryAt(cross) >= 0 ? null : pixel;
  }

  // A cell that was chosen in a linked widget.
  #chosenCell(): string {
    const outside = this.#store.get("outside");
    if (outside) return `${describeOutside(this.#store, outside)} `;
    const cell = this.#store.get("pair") ? null : this.#store.get("cell");
    const lines = cell ? guidesInView(this.#store, cell) : "";
    return lines && `Blue lines mark the ${lines} of ${cell}. `;
  }
}

// Without alpha, the browser need not blend.
function contextOf(canvas: HTMLCanvasElement, alpha: boolean): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha });
  if (!context) throw new Error("This browser does not provide a canvas to draw on.");
  return context;
}
