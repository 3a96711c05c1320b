// The matrix on the screen: two canvases, one over the other, drawn at most once per frame.
import { h } from "../../shared/dom";
import { MatrixPainter, type Style } from "../render/matrix-painter";
import { drawOverlay, type Rectangle } from "../render/overlay-painter";
import { type Frame, frameOf } from "../render/plot-frame";
import type { Store } from "../store";
import { describePlace } from "./descriptions";
import { listenToKeys } from "./keyboard";
import { Minimap } from "./minimap";
import { listenToPointer } from "./pointer";

const HIGHEST_RATIO = 2;
const HINT =
  "Point at an entry or use the arrow keys to read it. After a click, scroll or press + and − to " +
  "zoom; drag to pan, Shift and drag to select.";

export class MatrixView {
  readonly root: HTMLElement;
  readonly plot: HTMLElement;
  readonly picture: MatrixPainter;
  frame: Frame;
  ratio = 1;
  /** Whether dragging selects instead of moving. */
  dragSelects = false;
  readonly #store: Store;
  readonly #base = h("canvas", { "aria-hidden": "true" });
  readonly #upper = h("canvas", { "aria-hidden": "true" });
  readonly #readout = h("p", { class: "mx-readout" });
  readonly #announcement = h("p", { class: "mx-spoken", "aria-live": "polite" });
  readonly #minimap: Minimap;
  #brush: Rectangle | null = null;
  #frameRequest = 0;
  #baseIsStale = true;

  constructor(store: Store, signal: AbortSignal) {
    this.#store = store;
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
          `Connectivity matrix, ${nRows} presynaptic by ${nColumns} postsynaptic cells. ` +
          "Arrow keys move the cross-hair, N and P go to the next and previous connection, " +
          "Enter chooses the pair, Shift and arrows select, plus and minus zoom, 0 shows everything.",
      },
      this.#base,
      this.#upper,
      this.#minimap.root,
    );
    this.root = h("div", { class: "mx-matrix" }, this.plot, this.#readout, this.#announcement);
    listenToPointer(this, store);
    listenToKeys(this, store, (text) => {
      this.#announcement.textContent = text;
    });
    store.on((change) => {
      if (change === "picture" || change === "window") this.#baseIsStale = true;
      if (change === "picture") this.#minimap.invalidate();
      this.#schedule();
    });
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(this.root);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      cancelAnimationFrame(this.#frameRequest);
    });
    this.#updateReadout();
  }

  /** Fits the canvases to the available width, and draws at once. */
  resize(): void {
    const width = this.root.clientWidth;
    if (width === 0) return;
    this.frame = frameOf(width, this.#store.layout.nRows, this.#store.layout.nColumns);
    this.ratio = Math.min(devicePixelRatio, HIGHEST_RATIO);
    for (const canvas of [this.#base, this.#upper]) {
      canvas.width = Math.round(this.frame.width * this.ratio);
      canvas.height = Math.round(this.frame.height * this.ratio);
      canvas.style.width = `${this.frame.width}px`;
      canvas.style.height = `${this.frame.height}px`;
    }
    this.plot.style.height = `${this.frame.height}px`;
    this.#baseIsStale = true;
    this.#draw();
  }

  set brush(rectangle: Rectangle | null) {
    this.#brush = rectangle;
    this.#schedule();
  }

  get style(): Style {
    const style = getComputedStyle(this.root);
    const color = (name: string) => style.getPropertyValue(`--mx-${name}`);
    return { ink: color("ink"), quiet: color("quiet"), paper: color("paper") };
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
    const { cross } = this.#store;
    const choices = ["pair", "cell", "selected_pre", "selected_post"] as const;
    const empty = !cross && !this.#brush && !choices.some((name) => this.#store.get(name)?.length);
    this.#upper.hidden = empty;
    if (!empty) drawOverlay(upper, this.frame, this.ratio, this.#store, this.#brush);
    this.#updateReadout();
  }

  #updateReadout(): void {
    const { cross } = this.#store;
    const text = cross ? describePlace(this.#store, cross) : `${this.#markedCell()}${HINT}`;
    if (this.#readout.textContent !== text) this.#readout.textContent = text;
  }

  #markedCell(): string {
    const cell = this.#store.get("cell");
    return cell ? `Blue lines mark the row and column of ${cell}. ` : "";
  }
}

// Without alpha, the browser need not blend.
function contextOf(canvas: HTMLCanvasElement, alpha: boolean): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha });
  if (!context) throw new Error("This browser does not provide a canvas to draw on.");
  return context;
}
