// Draws the matrix with type strips, names, borders and margins on a canvas.

import { format, short } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { Theme } from "../../shared/theme";
import type { Order, Ranks } from "../data/cell-order";
import { stepOf, valueAt } from "../data/connection-values";
import { type LabelRun, labelRuns } from "../data/label-runs";
import { bars } from "../data/margin-sums";
import { firstFrom } from "../data/ordered-matrix";
import { labelName } from "../state";
import type { Store } from "../store";
import { Bitmap } from "./bitmap";
import { colorAt, countColors, inkOn, pixelOf, stepColors } from "./color-scales";
import { entrySize, type Frame, GAP, STRIP, shares, xOf, yOf } from "./plot-frame";
import { countPerPixel, largestPerPixel } from "./raster";

/** An entry of this size has room for its value. */
const VALUE_ROOM = { across: 30, down: 14 };
const FONT = "11px system-ui, sans-serif";
const MARGIN_GAP = 4;

/** Colours as "#rrggbb", and the theme that the others follow. */
export interface Style {
  ink: string;
  quiet: string;
  paper: string;
  theme: Theme;
}

/** For pictures that leave the page. */
export const ON_PAPER: Style = {
  ink: "#1f2328",
  quiet: "#8a919a",
  paper: "#ffffff",
  theme: "light",
};

export class MatrixPainter {
  readonly #store: Store;
  #bitmap = new Bitmap(1, 1);
  #steps = new Uint8Array(0);
  #counts = new Uint32Array(0);
  /** Largest number of connections in a pixel, if these numbers are shown. */
  most = 1;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Draws everything, with `ratio` device pixels per CSS pixel. */
  draw(context: CanvasRenderingContext2D, frame: Frame, ratio: number, style: Style): void {
    const { rowAt, columnAt } = this.#store.layout;
    const [rows, columns] = [this.#store.ranks("pre"), this.#store.ranks("post")];
    const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
    if (this.#bitmap.width !== width || this.#bitmap.height !== height) {
      this.#bitmap = new Bitmap(width, height);
    }
    this.#bitmap.pixels.fill(pixelOf(style.paper));
    this.#matrix(frame, ratio, style.theme);
    this.#strip(frame, ratio, rows, rowAt, true, style.theme);
    this.#strip(frame, ratio, columns, columnAt, false, style.theme);
    this.#margins(frame, ratio, pixelOf(style.quiet));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.putImageData(this.#bitmap.data, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = FONT;
    this.#values(context, frame, style.theme);
    this.#borders(context, frame, labelRuns(rows, rowAt), labelRuns(columns, columnAt), style);
    this.#titles(context, frame, style);
    this.#nothing(context, frame, style);
  }

  // An empty matrix would look like one whose connections are too pale to see.
  #nothing(context: CanvasRenderingContext2D, frame: Frame, style: Style): void {
    const { layout } = this.#store;
    if (layout.entries.length > 0) return;
    context.save();
    clipToPlot(context, frame);
    context.fillStyle = style.ink;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(
      noConnections(layout.nRows, layout.nColumns),
      frame.left + frame.plotWidth / 2,
      frame.top + frame.plotHeight / 2,
      frame.plotWidth - 8,
    );
    context.restore();
  }

  #matrix(frame: Frame, ratio: number, theme: Theme): void {
    const width = Math.round(frame.plotWidth * ratio);
    const height = Math.round(frame.plotHeight * ratio);
    const [x, y] = [Math.round(frame.left * ratio), Math.round(frame.top * ratio)];
    const { layout, steps, window } = this.#store;
    const colormap = this.#store.get("colormap");
    if (this.#store.get("pixel") === "count" && shares(frame, window, ratio)) {
      if (this.#counts.length !== width * height) this.#counts = new Uint32Array(width * height);
      this.most = countPerPixel(layout, window, { width, height }, this.#counts);
      const grid = { width, height, values: this.#counts };
      this.#bitmap.paint(x, y, grid, countColors(colormap, this.most, theme));
      return;
    }
    if (this.#steps.length !== width * height) this.#steps = new Uint8Array(width * height);
    largestPerPixel(layout, steps, window, { width, height }, this.#steps);
    this.#bitmap.paint(x, y, { width, height, values: this.#steps }, stepColors(colormap, theme));
  }

  // Values as text, if there is room for them.
  #values(context: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    const { window, data, layout, levels } = this.#store;
    const { across, down } = entrySize(frame, window);
    const value = this.#store.get("value");
    if (across < VALUE_ROOM.across || down < VALUE_ROOM.down || value === "binary") return;
    const { rows, columns } = this.#store.visible;
    context.save();
    clipToPlot(context, frame);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let row = rows[0]; row < rows[1]; row++) {
      const until = firstFrom(layout, row, columns[1]);
      for (let at = firstFrom(layout, row, columns[0]); at < until; at++) {
        const exact = valueAt(data, value, layout.entries[at] as number);
        const step = stepOf(exact, levels.low, levels.high);
        context.fillStyle = inkOn(colorAt(this.#store.get("colormap"), (step - 1) / 254, theme));
        const column = layout.places[at] as number;
        context.fillText(
          short(exact),
          xOf(frame, window, column + 0.5),
          yOf(frame, window, row + 0.5),
          across - 4,
        );
      }
    }
    context.restore();
  }

  #borders(
    context: CanvasRenderingContext2D,
    frame: Frame,
    rows: LabelRun[] | null,
    columns: LabelRun[] | null,
    style: Style,
  ): void {
    const { window } = this.#store;
    context.save();
    clipToPlot(context, frame);
    context.fillStyle = style.theme === "dark" ? "rgb(255 255 255 / 0.4)" : "rgb(0 0 0 / 0.35)";
    for (const { first } of rows ?? []) {
      if (first > 0) context.fillRect(frame.left, yOf(frame, window, first), frame.plotWidth, 1);
    }
    for (const { first } of columns ?? []) {
      if (first > 0) context.fillRect(xOf(frame, window, first), frame.top, 1, frame.plotHeight);
    }
    context.restore();
    if (!frame.hasNames) return;
    context.fillStyle = style.ink;
    this.#names(context, frame, rows ?? [], true);
    this.#names(context, frame, columns ?? [], false);
  }

  // Names of types whose runs of cells are long enough on the screen.
  #names(
    context: CanvasRenderingContext2D,
    frame: Frame,
    runs: readonly LabelRun[],
    vertical: boolean,
  ): void {
    const { window } = this.#store;
    const place = vertical ? yOf : xOf;
    const [low, length] = vertical ? [frame.top, frame.plotHeight] : [frame.left, frame.plotWidth];
    context.textAlign = vertical ? "right" : "center";
    context.textBaseline = "middle";
    for (const { label, first, end } of runs) {
      const from = Math.max(low, place(frame, window, first));
      const to = Math.min(low + length, place(frame, window, end));
      const name = labelName(label);
      const need = vertical ? 11 : context.measureText(name).width + 4;
      if (to - from < need) continue;
      const middle = (from + to) / 2;
      const away = STRIP + GAP + 4;
      if (vertical) context.fillText(name, frame.left - away, middle, frame.left - away - 14);
      else context.fillText(name, middle, frame.top - away - 4);
    }
  }

  #strip(
    frame: Frame,
    ratio: number,
    { ranks, labels }: Ranks,
    order: Order,
    vertical: boolean,
    theme: Theme,
  ): void {
    const { window } = this.#store;
    const [first, end, from, size] = vertical
      ? [window.top, window.bottom, frame.top, frame.plotHeight]
      : [window.left, window.right, frame.left, frame.plotWidth];
    const colors = labels.map((label) => pixelOf(color(label, theme)));
    const length = Math.round(size * ratio);
    const thick = STRIP * ratio;
    const away = ratio * ((vertical ? frame.left : frame.top) - GAP - STRIP);
    for (let at = 0; at < length; at++) {
      // The cell at the centre of the pixel.
      const place = Math.floor(first + ((at + 0.5) / length) * (end - first));
      const rank = ranks[order[Math.min(place, order.length - 1)] as number] as number;
      const along = from * ratio + at;
      if (vertical) this.#bitmap.fill(away, along, thick, 1, colors[rank] as number);
      else this.#bitmap.fill(along, away, 1, thick, colors[rank] as number);
    }
  }

  #margins(frame: Frame, ratio: number, quiet: number): void {
    const { sums, layout, window } = this.#store;
    const [width, height] = [
      Math.round(frame.plotWidth * ratio),
      Math.round(frame.plotHeight * ratio),
    ];
    const [left, top] = [frame.left * ratio, frame.top * ratio];
    const gap = MARGIN_GAP * ratio;
    const deep = this.#bitmap.width - left - width - gap - 2 * ratio;
    bars(sums.rows, layout.rowAt, window.top, window.bottom, height).forEach((part, y) => {
      if (part > 0) {
        this.#bitmap.fill(left + width + gap, top + y, Math.max(1, part * deep), 1, quiet);
      }
    });
    bars(sums.columns, layout.columnAt, window.left, window.right, width).forEach((part, x) => {
      if (part > 0) {
        this.#bitmap.fill(left + x, top + height + gap, 1, Math.max(1, part * deep), quiet);
      }
    });
  }

  #titles(context: CanvasRenderingContext2D, frame: Frame, style: Style): void {
    context.fillStyle = style.ink;
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText("postsynaptic cells →", frame.left + frame.plotWidth / 2, 1);
    context.save();
    context.translate(1, frame.top + frame.plotHeight / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("← presynaptic cells", 0, 0);
    context.restore();
  }
}

export function noConnections(nRows: number, nColumns: number): string {
  return `No connections among these ${format(nRows)} × ${format(nColumns)} cells`;
}

function clipToPlot(context: CanvasRenderingContext2D, frame: Frame): void {
  context.beginPath();
  context.rect(frame.left, frame.top, frame.plotWidth, frame.plotHeight);
  context.clip();
}
