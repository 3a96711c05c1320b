// Draws the map's depth axis, scale bar, rings around cells, and the line of a lasso.

import type { Point } from "../../shared/polygon";
import type { MapScale, Size } from "./map-scale";
import type { Somata } from "./soma-painter";

const STEPS_UM = [50, 100, 200, 500];

export function paintDepths(
  context: CanvasRenderingContext2D,
  scale: MapScale,
  { width, height }: Size,
): void {
  context.font = "11px system-ui, sans-serif";
  context.lineWidth = 1;
  const step = STEPS_UM.find((um) => um * scale.factor >= 30) ?? 500;
  const [, top] = scale.at(0, 0);
  const [, bottom] = scale.at(0, height);
  for (let depth = Math.ceil(top / step) * step; depth < bottom; depth += step) {
    const y = Math.round(scale.y(depth)) + 0.5;
    if (y < 16 || y > height - 6) continue;
    context.fillRect(0, y - 0.5, 5, 1);
    context.fillText(String(depth), 8, y + 4);
  }
  context.fillText("depth below the pia (µm)", 8, 11);
  const [right, low] = [width - 10, height - 10];
  context.fillRect(right - step * scale.factor, low, step * scale.factor, 2);
  context.textAlign = "right";
  context.fillText(`${step} µm`, right, low - 5);
  context.textAlign = "left";
}

/** A ring around a soma. */
export function paintRing(
  context: CanvasRenderingContext2D,
  scale: MapScale,
  { x, depth }: Somata,
  row: number,
  radius: number,
  lineWidth: number,
): void {
  context.lineWidth = lineWidth;
  context.beginPath();
  context.arc(scale.x(x[row] ?? 0), scale.y(depth[row] ?? 0), radius, 0, 2 * Math.PI);
  context.stroke();
}

/** A dashed closed line; um. */
export function paintOutline(
  context: CanvasRenderingContext2D,
  scale: MapScale,
  line: readonly Point[],
): void {
  if (line.length < 2) return;
  context.setLineDash([5, 3]);
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [x, depth] of line) context.lineTo(scale.x(x), scale.y(depth));
  context.closePath();
  context.stroke();
  context.setLineDash([]);
}
