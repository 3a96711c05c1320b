// Draws the rows of the matrix over time: each row is a cell, and lights up as its rate rises.

import { clipped } from "../../shared/clipped";
import { color } from "../../shared/palette";
import { typeOf } from "../data/networks";
import type { Run } from "../data/simulation";
import type { Store } from "../store";
import { INK, LEFT, RIGHT, type Sheet, xOf } from "./ink";
import { levelOf, rampOf } from "./ramp";

const STRIP = 5;
/** Height of a name of a type. */
const NAME = 12;

/** The rows of all cells over all times, as a picture that does not change while it plays. */
export function rasterImage(store: Store, run: Run, sheet: Sheet): HTMLCanvasElement {
  const { cells, theme, brightest } = store;
  const image = document.createElement("canvas");
  image.width = Math.max(1, Math.round((sheet.size.width - LEFT - RIGHT) * sheet.ratio));
  image.height = Math.max(1, sheet.canvas.height);
  const context = image.getContext("2d");
  if (!context) return image;
  const { width, height } = image;
  const data = context.createImageData(width, height);
  const pixels = new Uint32Array(data.data.buffer);
  const { packed } = rampOf(theme);
  const n = cells.size;
  // Frame by frame, as they are in memory.
  for (let x = 0; x < width; x++) {
    const frame = Math.min(run.frames - 1, Math.floor((x * run.frames) / width));
    for (let y = 0; y < height; y++) {
      const top = Math.floor((y * n) / height);
      const bottom = Math.max(top + 1, Math.floor(((y + 1) * n) / height));
      // Where rows share a line of pixels, it shows their mean.
      let sum = 0;
      for (let k = top; k < bottom; k++) {
        sum += run.rates[frame * n + (cells.order[k] as number)] as number;
      }
      pixels[y * width + x] = packed[levelOf(sum / (bottom - top), brightest)] as number;
    }
  }
  context.putImageData(data, 0, 0);
  return image;
}

export function paintRaster(sheet: Sheet, store: Store, image: HTMLCanvasElement): void {
  const context = sheet.start();
  if (!context) return;
  const { width, height } = sheet.size;
  const ink = INK[store.theme];
  const right = width - RIGHT;
  context.drawImage(image, LEFT, 0, right - LEFT, height);
  const now = xOf(store.time / store.lastTime, sheet.size);
  // What has not happened yet is pale.
  context.globalAlpha = 0.6;
  context.fillStyle = ink.paper;
  context.fillRect(now, 0, right - now, height);
  context.globalAlpha = 1;
  paintTypes(context, store, height);
  const { order } = store.cells;
  const mark = (cell: number, fill: string, thick: number) => {
    if (cell < 0) return;
    const y = ((order.indexOf(cell) + 0.5) / order.length) * height;
    context.fillStyle = fill;
    context.beginPath();
    context.moveTo(LEFT - STRIP - 1, y);
    context.lineTo(LEFT - STRIP - 8, y - thick);
    context.lineTo(LEFT - STRIP - 8, y + thick);
    context.fill();
    context.globalAlpha = 0.7;
    context.fillRect(LEFT, y - 0.5, right - LEFT, 1);
    context.globalAlpha = 1;
  };
  for (const cell of store.lit) mark(cell, ink.accent, 5);
  mark(store.hovered, ink.accent, 4);
  mark(store.chosen, ink.text, 5);
  paintNow(context, now, 0, height, ink.text);
}

/** A strip of the types' colours, and their names where there is room. */
function paintTypes(context: CanvasRenderingContext2D, store: Store, height: number): void {
  const { cells, theme } = store;
  const { order } = cells;
  context.textAlign = "right";
  let free = 0;
  for (let start = 0; start < order.length; ) {
    const type = typeOf(cells, order[start] as number);
    let end = start + 1;
    while (end < order.length && typeOf(cells, order[end] as number) === type) end++;
    const [top, bottom] = [(start / order.length) * height, (end / order.length) * height];
    context.fillStyle = color(type, theme);
    context.fillRect(LEFT - STRIP, top, STRIP - 1, bottom - top);
    const middle = (top + bottom) / 2;
    if (bottom - top >= NAME - 3 && middle - NAME / 2 >= free) {
      context.fillStyle = INK[theme].text;
      context.fillText(clipped(type || "unknown", 7), LEFT - STRIP - 3, middle + 4);
      free = middle + NAME / 2;
    }
    start = end;
  }
  context.textAlign = "left";
}

/** The playhead. */
export function paintNow(
  context: CanvasRenderingContext2D,
  x: number,
  top: number,
  height: number,
  ink: string,
): void {
  context.fillStyle = ink;
  context.fillRect(Math.round(x) - 1, top, 2, height);
}
