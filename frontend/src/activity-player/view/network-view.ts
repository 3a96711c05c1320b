// One network: a map of its cells, their rows over time, and the mean rate of each type.
import { clipped } from "../../shared/clipped";
import { h, listen } from "../../shared/dom";
import { inside, type Point } from "../../shared/polygon";
import { Tooltip } from "../../shared/tooltip";
import { LEFT, RIGHT, Sheet } from "../render/ink";
import { paintMap } from "../render/map-painter";
import { paintRaster, rasterImage } from "../render/raster";
import { cellNear, type Places, placed } from "../render/soma-places";
import { paintTraces, tracesImage } from "../render/traces";
import type { Result, Store } from "../store";
import { aboutCell, cellName, rateWords, seconds } from "./words";

/** Largest movement of a click, and reach of one, in pixels. */
const STILL = 4;
const REACH = 9;
const KEYS: Record<string, number> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

export class NetworkView {
  readonly element: HTMLElement;
  readonly map = new Sheet("ap-map");
  readonly raster = new Sheet("ap-raster");
  readonly traces = new Sheet("ap-traces");
  readonly #store: Store;
  readonly #place: number;
  readonly #tip = new Tooltip();
  readonly #rows: HTMLElement;
  #places: Places | undefined;
  #rasterImage: HTMLCanvasElement | undefined;
  #tracesImage: HTMLCanvasElement | undefined;
  #line: Point[] = [];

  constructor(store: Store, place: number) {
    this.#store = store;
    this.#place = place;
    const name = clipped(store.get("labels")[place] ?? "");
    for (const { canvas } of [this.map, this.traces]) canvas.setAttribute("role", "img");
    this.raster.canvas.setAttribute("aria-hidden", "true");
    this.#rows = h(
      "div",
      {
        class: "ap-rows",
        tabindex: 0,
        role: "slider",
        "aria-orientation": "vertical",
        "aria-label": `Cells of ${name}, by type and depth`,
        "aria-valuemin": 1,
        "aria-valuemax": store.cells.size,
      },
      this.raster.canvas,
    );
    this.element = h(
      "section",
      { class: "ap-network", "aria-label": name },
      h("h3", {}, name),
      this.map.canvas,
      this.#rows,
      this.traces.canvas,
      this.#tip.el,
      this.#tip.announcement,
    );
    this.#listen();
  }

  get #result(): Result | undefined {
    return this.#store.results[this.#place];
  }

  /** Draws everything from scratch. */
  draw(top: number): void {
    const result = this.#result;
    const sheets = [this.map, this.raster, this.traces];
    if (!result || !sheets.map((sheet) => sheet.fit()).every(Boolean)) return;
    this.#places = placed(this.#store.cells, this.map.size);
    this.#rasterImage = rasterImage(this.#store, result.run, this.raster);
    this.#tracesImage = tracesImage(this.#store, result, this.traces, top);
    this.paint();
    this.describe();
  }

  /** Draws what changes with time and choice. */
  paint(): void {
    const result = this.#result;
    if (!result || !this.#places) return;
    paintMap(this.map, this.#store, result.run, this.#places, this.#line);
    if (this.#rasterImage) paintRaster(this.raster, this.#store, this.#rasterImage);
    if (this.#tracesImage) paintTraces(this.traces, this.#store, this.#tracesImage);
  }

  /** Tells screen readers what is drawn; not while it plays. */
  describe(): void {
    const result = this.#result;
    if (!result) return;
    const store = this.#store;
    const mean = result.run.measured[Math.min(store.step, result.run.done - 1)] as number;
    this.map.canvas.setAttribute(
      "aria-label",
      `Map of the cells of ${result.label}, as bright as their rate at ${seconds(store.time)}: ` +
        `mean rate ${rateWords(mean)}. Squares are inhibitory cells.`,
    );
    const types = store.cells.types.labels.map((label, type) => {
      const { steps, last } = result.run.drive;
      const end = result.run.means[type * steps + Math.min(last + 1, steps - 1)] as number;
      return `${label || "unknown"} ${rateWords(end)}`;
    });
    this.traces.canvas.setAttribute(
      "aria-label",
      `Mean rate of each type of ${result.label} over time. At the end of the stimulus: ` +
        `${types.join(", ")}.`,
    );
    this.#describeCell();
  }

  #describeCell(): void {
    const result = this.#result;
    const { hovered, chosen, cells } = this.#store;
    const row = hovered >= 0 ? hovered : chosen >= 0 ? chosen : (cells.order[0] as number);
    const rate = result ? `, rate ${rateWords(result.run.rate(row, this.#store.step))}` : "";
    this.#rows.setAttribute("aria-valuenow", String(cells.order.indexOf(row) + 1));
    this.#rows.setAttribute("aria-valuetext", `${cellName(this.#store, row)}${rate}`);
  }

  #listen(): void {
    const store = this.#store;
    const { canvas } = this.map;
    listen(canvas, "pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#line = [[event.offsetX, event.offsetY]];
    });
    listen(canvas, "pointermove", (event) => {
      if (this.#line.length && canvas.hasPointerCapture(event.pointerId)) {
        this.#tip.hide();
        this.#line.push([event.offsetX, event.offsetY]);
        this.paint();
      } else if (event.pointerType !== "touch") this.#hover(event);
    });
    listen(canvas, "pointerup", (event) => this.#drop(event));
    listen(canvas, "pointercancel", () => this.cancel());
    listen(canvas, "pointerleave", () => this.#leave());
    const rows = this.#rows;
    listen(rows, "pointermove", (event) => this.#point(this.#rowAt(event), event));
    listen(rows, "pointerleave", () => this.#leave());
    listen(rows, "click", (event) => store.choose(this.#rowAt(event)));
    listen(rows, "keydown", (event) => this.#key(event));
    listen(rows, "blur", () => this.#leave());
    this.#scrub();
  }

  // Dragging over the lines goes through time.
  #scrub(): void {
    const { canvas } = this.traces;
    const show = (event: PointerEvent, tell: boolean) => {
      const part = (event.offsetX - LEFT) / (this.traces.size.width - LEFT - RIGHT);
      this.#store.show(part * this.#store.lastTime, tell);
    };
    listen(canvas, "pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      show(event, true);
    });
    listen(canvas, "pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) show(event, false);
    });
    listen(canvas, "pointerup", (event) => show(event, true));
  }

  #drop(event: PointerEvent): void {
    const line = this.#line;
    this.#line = [];
    const [start] = line;
    if (!start || !this.#places) return;
    const { x, y } = this.#places;
    if (line.some((at) => Math.hypot(at[0] - start[0], at[1] - start[1]) > STILL)) {
      const { stimulated, cells } = this.#store;
      const within = [...cells.order].filter(
        (cell) =>
          inside(line, x[cell] as number, y[cell] as number) ||
          (event.shiftKey && stimulated[cell] === 1),
      );
      if (within.length > 0) this.#store.stimulate(within);
    } else {
      const cell = cellNear(this.#places, event.offsetX, event.offsetY, REACH);
      if (cell >= 0) this.#store.choose(cell);
    }
    this.paint();
  }

  /** Drops the line that is being drawn; false if there is none. */
  cancel(): boolean {
    const drawing = this.#line.length > 0;
    this.#line = [];
    if (drawing) this.paint();
    return drawing;
  }

  #hover(event: PointerEvent): void {
    if (!this.#places) return;
    this.#point(cellNear(this.#places, event.offsetX, event.offsetY, REACH), event);
  }

  #point(row: number, event: PointerEvent): void {
    const result = this.#result;
    if (row < 0 || !result) {
      this.#leave();
      return;
    }
    this.#store.point(row);
    const box = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (event.pointerType !== "touch") this.#tip.show(aboutCell(this.#store, result, row), x, y);
  }

  #leave(): void {
    this.#tip.hide();
    this.#store.point(-1);
  }

  #rowAt(event: MouseEvent): number {
    const { order } = this.#store.cells;
    const box = this.raster.canvas.getBoundingClientRect();
    const part = (event.clientY - box.top) / box.height;
    return order[Math.max(0, Math.min(order.length - 1, Math.floor(part * order.length)))] ?? -1;
  }

  #key(event: KeyboardEvent): void {
    const store = this.#store;
    const { order } = store.cells;
    const by = KEYS[event.key];
    const at = store.hovered >= 0 ? store.hovered : store.chosen;
    if (by !== undefined) {
      const place = at < 0 ? -1 : order.indexOf(at);
      const next = Math.max(0, Math.min(order.length - 1, place < 0 && by < 0 ? 0 : place + by));
      store.point(order[next] ?? -1);
    } else if (event.key === "Enter" && at >= 0) store.choose(at);
    else if (event.key === "s" && at >= 0) store.stimulate([at]);
    else return;
    this.#describeCell();
    event.preventDefault();
  }
}
