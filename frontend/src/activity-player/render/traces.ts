// Draws the mean rate of each type over time, with the stimulus and the end of the activity.

import { format } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { Run } from "../data/simulation";
import type { Result, Store } from "../store";
import { INK, LEFT, RIGHT, type Sheet, xOf } from "./ink";
import { paintNow } from "./raster";

/** With a line of text. */
const TOP = 16;
const BOTTOM = 18;
const STEPS = [1, 2, 5, 10];

/** The largest mean rate of a type, of the stimulus only if activity grows afterwards. */
export function highest(results: readonly Result[]): number {
  let most = 0;
  for (const { run, stability, decay } of results) {
    const { steps, last } = run.drive;
    const end = stability !== "stable" && Number.isNaN(decay) ? last + 1 : run.done;
    for (let at = 0; at < run.means.length; at++) {
      const mean = run.means[at] as number;
      if (at % steps <= end && mean > most && Number.isFinite(mean)) most = mean;
    }
  }
  return most || 1;
}

/** The lines, as a picture that does not change while it plays. */
export function tracesImage(
  store: Store,
  { run, decay }: Result,
  sheet: Sheet,
  top: number,
): HTMLCanvasElement {
  const image = document.createElement("canvas");
  image.width = sheet.canvas.width;
  image.height = sheet.canvas.height;
  const context = image.getContext("2d");
  if (!context) return image;
  context.scale(sheet.ratio, sheet.ratio);
  context.font = "11px system-ui, sans-serif";
  const { width, height } = sheet.size;
  const { dt } = store.get("fixed");
  const ink = INK[store.theme];
  const x = (time: number) => xOf(time / store.lastTime, sheet.size);
  const y = (rate: number) => TOP + (1 - rate / (1.05 * top)) * (height - TOP - BOTTOM);
  const { first, last } = run.drive;
  context.fillStyle = store.theme === "dark" ? "#ffffff1f" : "#0000001a";
  context.fillRect(x(first * dt), TOP, x(last * dt) - x(first * dt), height - TOP - BOTTOM);
  context.fillStyle = context.strokeStyle = ink.text;
  paintAxes(context, store.lastTime, top, x, y, { width, height }, ink.line);
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, width - LEFT - RIGHT, height - BOTTOM);
  context.clip();
  paintLines(context, store, run, (step) => x(step * dt), y);
  if (decay >= 0) {
    context.setLineDash([2, 3]);
    context.lineWidth = 1;
    context.strokeStyle = ink.text;
    const at = x(last * dt + decay);
    context.beginPath();
    context.moveTo(at, TOP);
    context.lineTo(at, height - BOTTOM);
    context.stroke();
  }
  context.restore();
  return image;
}

function paintAxes(
  context: CanvasRenderingContext2D,
  duration: number,
  top: number,
  x: (time: number) => number,
  y: (rate: number) => number,
  { width, height }: { width: number; height: number },
  line: string,
): void {
  const base = height - BOTTOM;
  context.fillRect(LEFT, base, width - LEFT - RIGHT, 1);
  context.textAlign = "center";
  const wide = width - LEFT - RIGHT;
  const step = stepOf(duration, wide / 45);
  for (let time = 0; time <= duration + 1e-9; time += step) {
    context.fillRect(x(time), base, 1, 3);
    const last = time + step > duration + 1e-9;
    const text = last ? `${format(time)} s` : format(time);
    context.fillText(text, Math.min(x(time), width - 3 - text.length * 3), base + 14);
  }
  context.textAlign = "right";
  const up = stepOf(top, Math.max(1, (base - TOP) / 32));
  for (let rate = 0; rate <= top * 1.05; rate += up) {
    context.globalAlpha = 0.35;
    context.fillStyle = line;
    context.fillRect(LEFT, y(rate), wide, 1);
    context.globalAlpha = 1;
    context.fillStyle = context.strokeStyle;
    context.fillText(format(rate), LEFT - 5, y(rate) + (rate === 0 ? 0 : 4));
  }
  context.textAlign = "left";
  context.fillText("mean rate by type", LEFT, TOP - 5);
}

/** A round distance of about this many ticks. */
function stepOf(range: number, ticks: number): number {
  const rough = range / Math.max(ticks, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * (STEPS.find((step) => step * power >= rough) ?? 10);
}

function paintLines(
  context: CanvasRenderingContext2D,
  store: Store,
  run: Run,
  x: (step: number) => number,
  y: (rate: number) => number,
): void {
  const { types, sign } = store.cells;
  const { steps } = run.drive;
  const stride = Math.max(1, Math.floor(steps / 1500));
  types.labels.forEach((label, type) => {
    const inhibitory = sign[types.codes.indexOf(type as never)] === -1;
    context.setLineDash(inhibitory ? [5, 3] : []);
    context.strokeStyle = color(label, store.theme);
    context.lineWidth = 1.8;
    context.beginPath();
    for (let step = 0; step < run.done; step += stride) {
      context.lineTo(x(step), y(run.means[type * steps + step] as number));
    }
    context.stroke();
  });
  context.setLineDash([]);
}

export function paintTraces(sheet: Sheet, store: Store, image: HTMLCanvasElement): void {
  const context = sheet.start();
  if (!context) return;
  const { width, height } = sheet.size;
  context.drawImage(image, 0, 0, width, height);
  const now = xOf(store.time / store.lastTime, sheet.size);
  paintNow(context, now, TOP, height - TOP - BOTTOM, INK[store.theme].text);
}
