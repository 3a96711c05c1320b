// Draws the map: a dot for each cell, as bright as its rate; squares are inhibitory cells.
import { paintLayers } from "../../shared/layer-painter";
import type { Point } from "../../shared/polygon";
import type { Run } from "../data/simulation";
import type { Store } from "../store";
import { INK, type Sheet } from "./ink";
import { LEVELS, levelOf, rampOf } from "./ramp";
import type { Places } from "./soma-places";

export function paintMap(
  sheet: Sheet,
  store: Store,
  run: Run,
  places: Places,
  line: readonly Point[],
): void {
  const context = sheet.start();
  if (!context) return;
  const { theme, cells } = store;
  const ink = INK[theme];
  context.fillStyle = ink.line;
  if (places.scale) {
    const size = { ...sheet.size, height: places.gridTop };
    context.fillStyle = ink.text;
    paintLayers(context, store.get("layers"), places.scale, size, theme);
  }
  if (places.scale && places.gridTop < sheet.size.height) {
    context.clearRect(0, places.gridTop, sheet.size.width, sheet.size.height);
    context.fillText("cells without a position", 8, places.gridTop + 11);
  }
  // Types are seen in the list of types, the cells of a lasso only here.
  if (store.get("stimulus_cells").length > 0) {
    context.globalAlpha = store.stimulusIsOn ? 0.6 : 0.3;
    paintStimulated(context, run.drive.level, ink.accent, places);
    context.globalAlpha = 1;
  }
  paintDots(context, store, run, places);
  const ring = (cell: number, radius: number, width: number, color: string) => {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.arc(places.x[cell] ?? 0, places.y[cell] ?? 0, radius, 0, 2 * Math.PI);
    context.stroke();
  };
  const { radius } = places;
  for (const cell of store.lit) ring(cell, radius + 5, 3, ink.accent);
  if (store.hovered >= 0) ring(store.hovered, radius + 3, 2, ink.accent);
  if (store.chosen >= 0 && store.chosen < cells.size) ring(store.chosen, radius + 4, 2.5, ink.text);
  paintLine(context, line, ink.text);
}

function paintDots(
  context: CanvasRenderingContext2D,
  { cells, theme, brightest, step }: Store,
  run: Run,
  { x, y, radius }: Places,
): void {
  const { css } = rampOf(theme);
  const byLevel: number[][] = Array.from({ length: LEVELS }, () => []);
  for (let cell = 0; cell < cells.size; cell++) {
    byLevel[levelOf(run.rate(cell, step), brightest)]?.push(cell);
  }
  // The brightest ones come last, over the others.
  byLevel.forEach((members, level) => {
    if (members.length === 0) return;
    context.fillStyle = css[level] as string;
    context.beginPath();
    for (const cell of members) {
      const [atX, atY] = [x[cell] as number, y[cell] as number];
      if (cells.sign[cell] === -1) {
        const half = radius * 0.9;
        context.rect(atX - half, atY - half, 2 * half, 2 * half);
      } else {
        context.moveTo(atX + radius, atY);
        context.arc(atX, atY, radius, 0, 2 * Math.PI);
      }
    }
    context.fill();
  });
}

// A halo, which is paler while the stimulus is off.
function paintStimulated(
  context: CanvasRenderingContext2D,
  level: Float64Array,
  color: string,
  { x, y, radius }: Places,
): void {
  context.fillStyle = color;
  context.beginPath();
  level.forEach((on, cell) => {
    if (!on) return;
    context.moveTo(x[cell] as number, y[cell] as number);
    context.arc(x[cell] as number, y[cell] as number, radius + 2, 0, 2 * Math.PI);
  });
  context.fill();
}

function paintLine(context: CanvasRenderingContext2D, line: readonly Point[], color: string): void {
  if (line.length < 2) return;
  context.setLineDash([5, 3]);
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [x, y] of line) context.lineTo(x, y);
  context.closePath();
  context.stroke();
  context.setLineDash([]);
}
