// Draws on a 2D canvas where WebGL2 is not available.
import type { Cell } from "../data/cell";
import { type Paint, toHex } from "./colors";
import { type Picture, type Renderer, TOLERANCE } from "./renderer";
import { marks, strokes } from "./strokes";

export class CanvasRenderer implements Renderer {
  readonly kind = "canvas";
  readonly lost = false;
  readonly canvas: HTMLCanvasElement;
  #cells: readonly Cell[] = [];
  #paints: readonly Paint[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  setCells(cells: readonly Cell[], paints: readonly Paint[]): void {
    [this.#cells, this.#paints] = [cells, paints];
  }

  draw({ frame, ratio, economy, background }: Picture): void {
    this.canvas.width = Math.round(frame.width * ratio);
    this.canvas.height = Math.round(frame.height * ratio);
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    context.fillStyle = toHex(background);
    context.fillRect(0, 0, frame.width, frame.height);
    context.lineCap = "round";
    const tolerance = (TOLERANCE[economy] * frame.camera.height) / frame.height;
    this.#cells.forEach((cell, place) => {
      const paint = this.#paints[place] as Paint;
      for (const { color, width, ends } of strokes(frame, cell, paint, tolerance)) {
        context.strokeStyle = color;
        context.lineWidth = width;
        context.beginPath();
        for (let i = 0; i < ends.length; i += 4) {
          context.moveTo(ends[i] as number, ends[i + 1] as number);
          context.lineTo(ends[i + 2] as number, ends[i + 3] as number);
        }
        context.stroke();
      }
      for (const { shape, color, x, y, radius } of marks(frame, cell, paint)) {
        context.fillStyle = color;
        context.beginPath();
        if (shape === "disk") context.arc(x, y, radius, 0, 2 * Math.PI);
        else {
          context.moveTo(x, y - 1.25 * radius);
          context.lineTo(x + 1.1 * radius, y + radius);
          context.lineTo(x - 1.1 * radius, y + radius);
        }
        context.fill();
      }
    });
  }

  wait(): void {}

  destroy(): void {
    this.#cells = [];
  }
}
