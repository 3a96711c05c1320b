// The matrix in view as a picture for slides and paper: always on white, of the same size wherever
// it is made, with the colour scale, the types, the meaning of the axes and the source.
import { h } from "../../shared/dom";
import { color, typeOrder } from "../../shared/palette";
import type { RootId } from "../../shared/root-ids";
import { colorAt, css, noConnection } from "../render/color-scales";
import { MatrixPainter, ON_PAPER } from "../render/matrix-painter";
import { drawPair, PAIR_COLOR } from "../render/overlay-painter";
import { frameOf, shares } from "../render/plot-frame";
import { labelName, nameOf } from "../state";
import type { Store } from "../store";
import { axesOf, marginsOf, sharing, sourceOf } from "../view/caption";
import { frequencies, scaleOf } from "../view/legend";

const RATIO = 2;
const WIDTH = 820;
const LINE = 18;
const BAR = { width: 160, height: 10 };
const SWATCH = 10;

export async function matrixPng(store: Store): Promise<Blob> {
  const { nRows, nColumns } = store.layout;
  const frame = frameOf(WIDTH, nRows, nColumns);
  const painter = new MatrixPainter(store);
  const drawn = { frame, ratio: RATIO };
  const labels = typeOrder([
    ...frequencies(store, "pre").keys(),
    ...frequencies(store, "post").keys(),
  ]);
  const canvas = h("canvas", { width: frame.width * RATIO, height: frame.height * RATIO });
  const picture = contextOf(canvas);
  painter.draw(picture, frame, RATIO, ON_PAPER);
  const pair = pairInView(store);
  if (pair) drawPair(picture, frame, store, pair);
  const sheet = h("canvas");
  const context = contextOf(sheet);
  const counts = store.get("pixel") === "count" && shares(frame, store.window, RATIO);
  const scale = scaleOf(store, counts, painter.most, 1);
  // Measured first, because a change of a canvas's size clears it.
  const flow = new Flow(context, 12, frame.height + 16, WIDTH - 12);
  const write = () => {
    flow.restart();
    flow.bar((part) => css(colorAt(store.get("colormap"), part)));
    flow.text(`${scale.low} – ${scale.high}: ${scale.title}`);
    flow.swatch(noConnection("light"), "no connection");
    flow.line();
    flow.text(`Strips: ${nameOf(store.get("by"))}`);
    for (const label of labels) flow.swatch(color(label), labelName(label));
    flow.line();
    if (pair) {
      flow.frame(PAIR_COLOR, `chosen pair: ${pair.join(" → ")}`);
      flow.line();
    }
    const entries = `${sharing(store, drawn)} ${marginsOf(store)}`;
    for (const text of [axesOf(store), entries, sourceOf(store)]) {
      flow.words(text);
      flow.line();
    }
  };
  write();
  sheet.width = frame.width * RATIO;
  sheet.height = Math.ceil((flow.y + 4) * RATIO);
  context.fillStyle = ON_PAPER.paper;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.drawImage(canvas, 0, 0);
  context.scale(RATIO, RATIO);
  write();
  return new Promise((resolve, reject) => {
    sheet.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error("The picture could not be created.")),
    );
  });
}

/** The chosen pair, if its entry is in the picture. */
function pairInView(store: Store): readonly [RootId, RootId] | null {
  const pair = store.get("pair");
  if (!pair) return null;
  const { rows, columns } = store.visible;
  const isIn = (place: number, [first, end]: readonly [number, number]) =>
    place >= first && place < end;
  const [row, column] = [store.placeOf("pre", pair[0]), store.placeOf("post", pair[1])];
  return isIn(row, rows) && isIn(column, columns) ? pair : null;
}

/** Places pieces of a legend one after another, on as many lines as they need. */
class Flow {
  y: number;
  #x: number;
  readonly #context: CanvasRenderingContext2D;
  readonly #left: number;
  readonly #top: number;
  readonly #right: number;

  constructor(context: CanvasRenderingContext2D, left: number, top: number, right: number) {
    this.#context = context;
    this.#left = this.#x = left;
    this.#top = this.y = top;
    this.#right = right;
  }

  restart(): void {
    this.#x = this.#left;
    this.y = this.#top;
    this.#context.font = "12px system-ui, sans-serif";
    this.#context.textBaseline = "middle";
    this.#context.textAlign = "left";
  }

  line(): void {
    this.#x = this.#left;
    this.y += LINE;
  }

  bar(colorOf: (part: number) => string): void {
    for (let x = 0; x < BAR.width; x++) {
      this.#context.fillStyle = colorOf(x / (BAR.width - 1));
      this.#context.fillRect(this.#x + x, this.y - BAR.height / 2, 1, BAR.height);
    }
    this.#x += BAR.width + 8;
  }

  text(text: string): void {
    this.#place(this.#context.measureText(text).width);
    this.#context.fillStyle = ON_PAPER.ink;
    this.#context.fillText(text, this.#x, this.y);
    this.#x += this.#context.measureText(text).width + 16;
  }

  words(text: string): void {
    for (const word of text.split(" ")) {
      this.text(word);
      this.#x -= 12;
    }
  }

  swatch(fill: string, text: string): void {
    this.#place(SWATCH + 5 + this.#context.measureText(text).width);
    this.#context.fillStyle = fill;
    this.#context.fillRect(this.#x, this.y - SWATCH / 2, SWATCH, SWATCH);
    this.#outlined(ON_PAPER.quiet, 0.5, text);
  }

  /** Like a swatch, without a filling. */
  frame(color: string, text: string): void {
    this.#place(SWATCH + 5 + this.#context.measureText(text).width);
    this.#outlined(color, 2, text);
  }

  #outlined(color: string, width: number, text: string): void {
    this.#context.strokeStyle = color;
    this.#context.lineWidth = width;
    this.#context.strokeRect(this.#x, this.y - SWATCH / 2, SWATCH, SWATCH);
    this.#x += SWATCH + 5;
    this.text(text);
  }

  #place(width: number): void {
    if (this.#x > this.#left && this.#x + width > this.#right) this.line();
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser does not provide a canvas to draw on.");
  return context;
}
