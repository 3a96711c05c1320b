// A small map of the whole matrix with the visible part. It is shown after zooming in far enough that
// it helps, unless it is switched off.
import { h, listen } from "../../shared/dom";
import { moved, whole } from "../data/visible-window";
import { Bitmap } from "../render/bitmap";
import { stepColors } from "../render/color-scales";
import type { Frame } from "../render/plot-frame";
import { largestPerPixel } from "../render/raster";
import type { Store } from "../store";
import { button } from "./controls";
import { keepFromMatrix } from "./zoom-buttons";

const LONGEST_SIDE = 100;
/** With more than this part of the matrix in view, the map would only cover cells. */
const MOST_IN_VIEW = 0.4;

export class Minimap {
  readonly root: HTMLElement;
  readonly #canvas = h("canvas", { "aria-hidden": "true" });
  readonly #store: Store;
  #image: Bitmap | undefined;

  constructor(store: Store) {
    this.#store = store;
    const close = button("×", "Hide the map", () => store.set({ minimap: false }));
    this.root = h("div", { class: "mx-minimap", hidden: true }, this.#canvas, close);
    listen(this.#canvas, "pointerdown", (event) => {
      this.#canvas.setPointerCapture(event.pointerId);
      this.#lookAt(event);
    });
    listen(this.#canvas, "pointermove", (event) => {
      if (event.buttons) this.#lookAt(event);
    });
    keepFromMatrix(this.root);
  }

  /** Discards the picture, because the matrix has changed. */
  invalidate(): void {
    this.#image = undefined;
  }

  draw(frame: Frame, ratio: number): void {
    const { window, layout } = this.#store;
    const part =
      ((window.right - window.left) * (window.bottom - window.top)) /
      (layout.nRows * layout.nColumns);
    this.root.hidden = !this.#store.get("minimap") || part > MOST_IN_VIEW;
    if (this.root.hidden) return;
    const longest = Math.min(LONGEST_SIDE, 0.35 * Math.min(frame.plotWidth, frame.plotHeight));
    const scale = longest / Math.max(frame.plotWidth, frame.plotHeight);
    const width = Math.round(frame.plotWidth * scale);
    const height = Math.round(frame.plotHeight * scale);
    Object.assign(this.root.style, {
      width: `${width}px`,
      height: `${height}px`,
      left: `${frame.left + frame.plotWidth - width - 6}px`,
      top: `${frame.top + 6}px`,
    });
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#image?.width !== across || this.#image.height !== down) this.#render(across, down);
    const context = this.#canvas.getContext("2d");
    if (!context || !this.#image) return;
    context.putImageData(this.#image.data, 0, 0);
    context.strokeStyle = "#d6336c";
    context.lineWidth = 1.5 * ratio;
    context.strokeRect(
      (window.left / layout.nColumns) * across,
      (window.top / layout.nRows) * down,
      Math.max(2, ((window.right - window.left) / layout.nColumns) * across),
      Math.max(2, ((window.bottom - window.top) / layout.nRows) * down),
    );
  }

  #render(width: number, height: number): void {
    const { layout, steps } = this.#store;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#image = new Bitmap(width, height);
    const values = new Uint8Array(width * height);
    const all = whole(layout.nRows, layout.nColumns);
    largestPerPixel(layout, steps, all, { width, height }, values);
    const colors = stepColors(this.#store.get("colormap"), this.#store.theme);
    this.#image.paint(0, 0, { width, height, values }, colors);
  }

  #lookAt(event: PointerEvent): void {
    const { window, layout } = this.#store;
    const box = this.#canvas.getBoundingClientRect();
    const column = ((event.clientX - box.left) / box.width) * layout.nColumns;
    const row = ((event.clientY - box.top) / box.height) * layout.nRows;
    const down = row - (window.top + window.bottom) / 2;
    const across = column - (window.left + window.right) / 2;
    this.#store.look(moved(window, down, across, layout.nRows, layout.nColumns));
  }
}
