// Draws on a 2D canvas where WebGL2 is not available.

import { toHex } from "../../shared/contrast";
import type { Cell } from "../data/cell";
import type { Paint } from "./colors";
import { HALO, type Picture, type Renderer, TOLERANCE } from "./renderer";
import { corners, marks, strokes } from "./strokes";

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

  draw({ frame, ratio, economy, background, marks: style }: Picture): void {
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
      for (const mark of marks(frame, cell, paint, style)) {
        const { shape, color, x, y, radius } = mark;
        context.beginPath();
        if (shape === "triangle") {
          for (const [u, v] of corners(mark, HALO)) context.lineTo(u, v);
          context.closePath();
        } else context.arc(x, y, radius + (shape === "disk" ? HALO / 2 : 0), 0, 2 * Math.PI);
        context.globalAlpha = shape === "soma" ? 1 : style.opacity;
        context.fillStyle = color;
        context.fill();
        if (shape === "soma") continue;
        context.lineWidth = HALO;
        context.strokeStyle = toHex(background);
        context.stroke();
      }
      context.globalAlpha = 1;
    });
  }

  wait(): void {}

  destroy(): void {
    this.#cells = [];
  }
}
