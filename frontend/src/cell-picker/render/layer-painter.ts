// The cortical layers on the soma map: a line at each border, the name at the right.
import type { MapScale, Size } from "./map-scale";

/** Name, top and bottom in um below the pia; depth.py has the source. */
export type Layer = readonly [name: string, top: number, bottom: number];

const LINE = { light: "rgba(31, 35, 40, 0.35)", dark: "rgba(240, 242, 245, 0.35)" };
// Pixels that a name needs, and those below which the scale bar stands.
const NAME = 14;
const FOOT = 26;

export function paintLayers(
  context: CanvasRenderingContext2D,
  layers: readonly Layer[],
  scale: MapScale,
  { width, height }: Size,
  theme: "light" | "dark",
): void {
  context.save();
  context.strokeStyle = LINE[theme];
  context.setLineDash([2, 3]);
  context.textAlign = "right";
  for (const [name, top, bottom] of layers) {
    const y = Math.round(scale.y(top)) + 0.5;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
    const [from, to] = [Math.max(y, 0), Math.min(scale.y(bottom), height - FOOT)];
    if (to - from < NAME) continue;
    context.fillText(name === "WM" ? name : `L${name}`, width - 6, (from + to) / 2 + 4);
  }
  context.restore();
}
