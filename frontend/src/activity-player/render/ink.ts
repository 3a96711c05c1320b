// Colours of lines and text on the canvases, and a canvas with the pixels of its screen.
import { h } from "../../shared/dom";
import type { Theme } from "../../shared/theme";

export interface Size {
  width: number;
  height: number;
}

export const INK: Record<Theme, { text: string; line: string; paper: string; accent: string }> = {
  light: { text: "#1f2328", line: "#8a919a", paper: "#ffffff", accent: "#0b5fc4" },
  dark: { text: "#e6e8ea", line: "#838b95", paper: "#1b1d20", accent: "#7db5ff" },
};

/** Room at the left for labels, the same in all pictures below each other. */
export const LEFT = 44;
export const RIGHT = 8;
export const FONT = "11px system-ui, sans-serif";

/** A canvas whose drawing has the units of the page. */
export class Sheet {
  readonly canvas: HTMLCanvasElement;
  size: Size = { width: 0, height: 0 };
  ratio = 1;

  constructor(name: string) {
    this.canvas = h("canvas", { class: name });
  }

  /** Takes the size that the page gives it; false if it has none. */
  fit(): boolean {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    this.size = { width, height };
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    return width > 0 && height > 0;
  }

  /** An empty drawing; null where there is none. */
  start(): CanvasRenderingContext2D | null {
    const context = this.canvas.getContext("2d");
    if (!context || this.size.width === 0) return null;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.size.width, this.size.height);
    context.font = FONT;
    context.lineWidth = 1;
    return context;
  }
}

/** The place of a time between the margins. */
export function xOf(part: number, { width }: Size): number {
  return LEFT + part * (width - LEFT - RIGHT);
}
