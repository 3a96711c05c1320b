// The matrix on the screen: two canvases, one upon the other, drawn at most once a frame.
import { h } from "../../shared/dom";
import { Picture, type Style } from "../render/matrix-painter";
import { drawOverlay, type Rectangle } from "../render/overlay-painter";
import { type Frame, frameOf } from "../render/plot-frame";
import type { Store } from "../store";
import { describePlace } from "./descriptions";
import { listenToKeys } from "./keyboard";
import { Minimap } from "./minimap";
import { listenToPointer } from "./pointer";

const HIGHEST_RATIO = 2;
const HINT =
  "Point at a field, or use the arrow keys, to read it. Click, then the wheel or + and − zoom; " +
  "dragging moves, with Shift it selects.";

export class MatrixView {
  readonly root: HTMLElement;
  readonly plot: HTMLElement;
  readonly picture: Picture;
  frame: Frame;
  ratio = 1;
  /** Whether dragging selects instead of moving. */
  selects = false;
  readonly #store: Store;
  readonly #base = h("canvas", { "aria-hidden": "true" });
  readonly #upper = h("canvas", { "aria-hidden": "true" });
  readonly #readout = h("p", { class: "mx-readout" });
  readonly #spoken = h("p", { class: "mx-spoken", "aria-live": "polite" });
  readonly #minimap: Minimap;
  #brush: Rectangle | null = null;
  #asked = 0;
  #baseIsOld = true;

  constructor(store: Store, signal: AbortSignal) {
    this.#store = store;
    this.picture = new Picture(store);
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
          "Arrows move the cross-hair, N and P go to the next and previous connection of its row, " +
          "Enter chooses the pair, Shift and arrows select, plus, minus and 0 zoom.",
      },
      this.#base,
      this.#upper,
      this.#minimap.root,
    );
    this.root = h("div", { class: "mx-matrix" }, this.plot, this.#readout, this.#spoken);
    listenToPointer(this, store);
    listenToKeys(this, store, (text) => {
      this.#spoken.textContent = text;
    });
    store.on((change) => {
      if (change === "picture" || change === "window") this.#baseIsOld = true;
      if (change === "picture") this.#minimap.forget();
      this.#ask();
    });
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(this.root);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      cancelAnimationFrame(this.#asked);
    });
    this.#say();
  }

  /** Fits the canvases to the room there is, and draws at once. */
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
    this.#baseIsOld = true;
    this.#draw();
  }

  set brush(rectangle: Rectangle | null) {
    this.#brush = rectangle;
    this.#ask();
  }

  get style(): Style {
    const style = getComputedStyle(this.root);
    const color = (name: string) => style.getPropertyValue(`--mx-${name}`);
    return { ink: color("ink"), quiet: color("quiet"), paper: color("paper") };
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = requestAnimationFrame(() => {
      this.#asked = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const [base, upper] = [contextOf(this.#base, false), contextOf(this.#upper, true)];
    if (this.#baseIsOld) {
      this.picture.draw(base, this.frame, this.ratio, this.style);
      this.#minimap.draw(this.frame, this.ratio);
      this.#baseIsOld = false;
    }
    const { cross } = this.#store;
    const chosen = ["pair", "cell", "selected_pre", "selected_post"] as const;
    const empty = !cross && !this.#brush && !chosen.some((name) => this.#store.get(name)?.length);
    this.#upper.hidden = empty;
    if (!empty) drawOverlay(upper, this.frame, this.ratio, this.#store, this.#brush);
    this.#say();
  }

  #say(): void {
    const { cross } = this.#store;
    const text = cross ? describePlace(this.#store, cross) : `${this.#marked()}${HINT}`;
    if (this.#readout.textContent !== text) this.#readout.textContent = text;
  }

  #marked(): string {
    const cell = this.#store.get("cell");
    return cell ? `Between blue lines: row and column of ${cell}. ` : "";
  }
}

// Where nothing shines through, the browser need not blend.
function contextOf(canvas: HTMLCanvasElement, alpha: boolean): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha });
  if (!context) throw new Error("This browser gives no canvas to draw on.");
  return context;
}
