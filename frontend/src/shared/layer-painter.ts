// Draws the cortical layers on the soma map: a line at each border, the name at the right.
import { type Layer, layerName } from "./layers";

const LINE = { light: "rgba(31, 35, 40, 0.35)", dark: "rgba(240, 242, 245, 0.35)" };
// Height in pixels that a name needs, and height of the scale bar's strip at the bottom.
const NAME_HEIGHT = 14;
const SCALE_BAR_HEIGHT = 26;

export function paintLayers(
  context: CanvasRenderingContext2D,
  layers: readonly Layer[],
  scale: { y(um: number): number },
  { width, height }: { width: number; height: number },
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
    const [from, to] = [Math.max(y, 0), Math.min(scale.y(bottom), height - SCALE_BAR_HEIGHT)];
    if (to - from < NAME_HEIGHT) continue;
    context.fillText(layerName(name), width - 6, (from + to) / 2 + 4);
  }
  context.restore();
}
