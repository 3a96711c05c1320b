// The soma map: x against depth, coloured by type. A click chooses a cell, a lasso selects or filters.
import { getColumn, type Table } from "../../shared/columns";
import { h, listen } from "../../shared/dom";
import { paintLayers } from "../../shared/layer-painter";
import { layerAt, layerName } from "../../shared/layers";
import { grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import { inside, type Point, thinned } from "../../shared/polygon";
import type { Theme } from "../../shared/theme";
import { Tooltip } from "../../shared/tooltip";
import { tableOrder } from "../data/row-order";
import { paintDepths, paintOutline, paintRing } from "../render/axis-painter";
import { type Bounds, MapScale, nearest, type Size } from "../render/map-scale";
import { packedColor, SomaPainter, type Somata } from "../render/soma-painter";
import type { Store } from "../store";
import { cellText, labelText, PROOFREADING, TYPE } from "./headings";
import { mapTools, type Tool } from "./map-tools";

// Pixels: reach of a click, distance between a lasso's corners, largest movement of a click.
const REACH = 8;
const STEP = 4;
const STILL = 4;
// Fewer dots than this are two pixels wide.
const SPARSE = 10_000;
const INK = { light: "#1f2328", dark: "#f0f2f5" };
const FADED = { light: "#e3e6ea", dark: "#3a3f46" };
const ACCENT = { light: "#0b5fc4", dark: "#7db5ff" };

export interface MapActions {
  /** The pointer is on a cell; -1: on none. */
  hover(row: number): void;
  /** Cells were drawn around. */
  select(rows: readonly number[], adding: boolean): void;
}

export class MapView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #canvas = h("canvas", { class: "mw-map", role: "img" });
  readonly #marks = h("canvas", { class: "mw-marks", "aria-hidden": "true" });
  readonly #context: CanvasRenderingContext2D | null;
  readonly #actions: MapActions;
  readonly #tip = new Tooltip();
  #somata: Somata;
  readonly #bounds: Bounds;
  /** Whether any cell is on the map: cells outside the volume have no depth. */
  readonly #anywhere: boolean;
  readonly #resized: ResizeObserver;
  readonly #all: Uint32Array;
  #image: ImageData | undefined;
  #painter: SomaPainter | undefined;
  #painterKey = "";
  // What the marks were painted for.
  #marked: unknown[] = [];
  #size: Size = { width: 0, height: 0 };
  #scale: MapScale | undefined;
  #tool: Tool = "select";
  #hovered = -1;
  #lit: ReadonlySet<number> = new Set();
  #line: Point[] = [];
  #last: Point = [0, 0];
  #theme: Theme = "light";
  #counted: { rows: Uint32Array | null; text: string } = { rows: null, text: "" };
  #frame = 0;

  constructor(store: Store, actions: MapActions) {
    this.#store = store;
    this.#actions = actions;
    // In main memory rather than on the graphics card, because the CPU writes its pixels.
    this.#context = this.#canvas.getContext("2d", { willReadFrequently: true });
    this.#somata = somataOf(store.table, "light");
    this.#bounds = boundsOf(this.#somata);
    this.#anywhere = this.#somata.depth.some((um) => Number.isFinite(um)) || store.table.rows === 0;
    this.#all = tableOrder(store.table.rows);
    const tools = mapTools({
      choose: (tool) => {
        this.#tool = tool;
        this.#canvas.dataset.tool = tool;
      },
      zoom: (by) => this.#zoomAtValue(by),
    });
    const plot = h("div", { class: "mw-plot" }, this.#canvas, this.#marks, this.#tip.el);
    this.element = h("div", { class: "mw-map-box" }, plot, tools);
    this.#resized = new ResizeObserver(() => this.#fit());
    this.#resized.observe(this.#canvas);
    this.#listen();
  }

  destroy(): void {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  set theme(theme: Theme) {
    if (theme !== this.#theme) this.#somata = somataOf(this.#store.table, theme);
    this.#theme = theme;
    this.paint();
  }

  /** Lights up cells that the pointer is on elsewhere. */
  light(rows: ReadonlySet<number>): void {
    this.#lit = rows;
    this.#schedulePaint();
  }

  /** Paints in the next frame. */
  #schedulePaint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.paint());
  }

  paint(): void {
    const context = this.#context;
    const { width, height } = this.#canvas;
    if (!context || !this.#scale || width === 0) return;
    this.#paintDots(context, { width, height }, this.#scale);
    this.#paintMarks(this.#scale);
    const { rows } = this.#store;
    this.#canvas.setAttribute(
      "aria-label",
      `Map of somata, x against depth below the pia, coloured by type: ${grouped(rows.length)} of ` +
        `${grouped(this.#all.length)} cells${this.#layersOf(rows)}`,
    );
  }

  /** The numbers of cells in each layer, in words: where the dots are. */
  #layersOf(rows: Uint32Array): string {
    const { layers } = this.#store;
    // They change with the rows only, and the map is painted more often.
    if (rows !== this.#counted.rows) {
      const counts = new Uint32Array(layers.length);
      for (const row of rows) {
        const depth = this.#somata.depth[row] ?? Number.NaN;
        const at = layerAt(layers, depth);
        if (Number.isFinite(depth)) counts[at] = (counts[at] ?? 0) + 1;
      }
      const parts = layers.map(([name], i) => `${layerName(name)} ${grouped(counts[i] ?? 0)}`);
      this.#counted = { rows, text: parts.length ? `. By layer: ${parts.join(", ")}` : "" };
    }
    return this.#counted.text;
  }

  // Axes, rings and lines, on a canvas of their own that most keystrokes leave as it is.
  #paintMarks(scale: MapScale): void {
    const { value, selected, filters } = this.#store.choice;
    const now = [this.#painter, value, selected, filters.area, this.#lit, this.#hovered];
    const same = now.every((part, i) => part === this.#marked[i]) && !this.#line.length;
    const context = this.#marks.getContext("2d");
    if (same || !context) return;
    this.#marked = this.#line.length ? [] : now;
    const ratio = this.#marks.width / this.#size.width;
    context.clearRect(0, 0, this.#marks.width, this.#marks.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = INK[this.#theme];
    context.strokeStyle = INK[this.#theme];
    if (this.#anywhere) {
      paintDepths(context, scale, this.#size);
      paintLayers(context, this.#store.layers, scale, this.#size, this.#theme);
    } else context.fillText("no cells in the volume", 8, 11);
    this.#paintChosen(context, scale);
    context.strokeStyle = INK[this.#theme];
    if (filters.area) paintOutline(context, scale, filters.area as readonly Point[]);
    paintOutline(context, scale, this.#line);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  #paintDots(context: CanvasRenderingContext2D, size: Size, scale: MapScale): void {
    if (this.#image?.width !== size.width || this.#image.height !== size.height) {
      this.#image = context.createImageData(size.width, size.height);
    }
    const { rows } = this.#store;
    const ratio = size.width / this.#size.width;
    const closer = scale.factor / this.#wholeMap().factor;
    const sparse = rows.length < SPARSE ? 2 : 1;
    const dot = Math.max(1, Math.round(ratio * Math.min(6, sparse * Math.sqrt(closer))));
    const key = JSON.stringify([size, scale.x(0), scale.y(0), scale.factor, dot, this.#theme]);
    if (key !== this.#painterKey) {
      this.#painterKey = key;
      this.#painter = new SomaPainter(this.#somata, size, scale, ratio, dot);
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    this.#painter?.paint(pixels, rows, packedColor(FADED[this.#theme]));
    context.putImageData(this.#image, 0, 0);
  }

  #paintChosen(context: CanvasRenderingContext2D, scale: MapScale): void {
    const { selectedRows, valueRow } = this.#store;
    const ring = (row: number, radius: number, lineWidth: number) =>
      paintRing(context, scale, this.#somata, row, radius, lineWidth);
    const many = selectedRows.size > 500;
    for (const row of selectedRows) ring(row, many ? 1.5 : 3.5, many ? 1 : 1.5);
    if (valueRow >= 0) ring(valueRow, 7, 2.5);
    context.strokeStyle = ACCENT[this.#theme];
    for (const row of this.#lit) ring(row, 10, 3);
    if (this.#hovered >= 0) ring(this.#hovered, 5, 2);
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#marks.width = this.#canvas.width;
    this.#marks.height = this.#canvas.height;
    this.#marked = [];
    this.#scale = this.#wholeMap();
    this.paint();
  }

  #wholeMap(): MapScale {
    return MapScale.fitting(this.#bounds, this.#size);
  }

  #zoom(by: number, x: number, y: number): void {
    this.#scale = this.#scale?.zoomed(by, x, y, this.#wholeMap());
    this.paint();
  }

  // Zooming in centres the chosen cell, so that every position can be reached by keyboard.
  #zoomAtValue(by: number): void {
    const { width, height } = this.#size;
    const row = this.#store.valueRow;
    if (row >= 0 && by > 1 && this.#scale) {
      const dx = width / 2 - this.#scale.x(this.#somata.x[row] ?? 0);
      const dy = height / 2 - this.#scale.y(this.#somata.depth[row] ?? 0);
      if (Number.isFinite(dx + dy)) this.#scale = this.#scale.moved(dx, dy);
    }
    this.#zoom(by, width / 2, height / 2);
  }

  #listen(): void {
    const canvas = this.#canvas;
    listen(canvas, "pointerdown", (event) => {
      if (event.button !== 0 || !this.#scale) return;
      canvas.setPointerCapture(event.pointerId);
      this.#last = [event.offsetX, event.offsetY];
      this.#line = [this.#scale.at(event.offsetX, event.offsetY)];
    });
    listen(canvas, "pointermove", (event) => {
      if (this.#line.length && canvas.hasPointerCapture(event.pointerId)) this.#drag(event);
      else this.#hover(event);
    });
    listen(canvas, "pointerleave", () => this.#leave());
    listen(canvas, "pointerup", (event) => this.#drop(event));
    listen(canvas, "pointercancel", () => this.cancel());
    listen(canvas, "dblclick", (event) => this.#zoom(2, event.offsetX, event.offsetY));
    // Without a modifier key the wheel scrolls the notebook, as everywhere on the page.
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.#zoom(2 ** (-event.deltaY / 200), event.offsetX, event.offsetY);
    };
    listen(canvas, "wheel", wheel, { passive: false });
  }

  #drag(event: PointerEvent): void {
    if (!this.#scale) return;
    const at: Point = [event.offsetX, event.offsetY];
    this.#leave();
    if (this.#tool !== "move") {
      this.#line.push(this.#scale.at(...at));
    } else {
      this.#scale = this.#scale.moved(at[0] - this.#last[0], at[1] - this.#last[1]);
      this.#line.push(this.#line[0] ?? at);
      this.#last = at;
    }
    this.paint();
  }

  #drop(event: PointerEvent): void {
    const scale = this.#scale;
    const line = this.#line;
    this.#line = [];
    const [start] = line;
    if (!scale || !start) return;
    const [x, depth] = scale.at(event.offsetX, event.offsetY);
    const dragged = line.some(
      (at) => Math.hypot(at[0] - start[0], at[1] - start[1]) * scale.factor > STILL,
    );
    const moved = this.#tool === "move" && line.length > 1;
    if (!dragged && !moved) {
      const row = this.#near([x, depth], scale);
      if (row >= 0) this.#store.choose(row);
    } else if (this.#tool !== "move") {
      const corners = thinned(line, STEP / scale.factor).map(rounded);
      if (corners.length >= 3) this.#use(corners, event.shiftKey);
    }
    this.paint();
  }

  #use(corners: Point[], adding: boolean): void {
    if (this.#tool === "filter") {
      this.#store.filter("area", corners);
      return;
    }
    const { x, depth } = this.#somata;
    const within = (row: number) => inside(corners, x[row] ?? Number.NaN, depth[row] ?? Number.NaN);
    this.#actions.select(Array.from(this.#store.rows).filter(within), adding);
  }

  /** Drops the line that is being drawn; false if there is none. */
  cancel(): boolean {
    const drawing = this.#line.length > 0;
    this.#line = [];
    if (drawing) this.paint();
    return drawing;
  }

  #near(at: Point, scale: MapScale): number {
    const { x, depth } = this.#somata;
    return nearest(x, depth, this.#store.rows, at, REACH / scale.factor);
  }

  #hover(event: PointerEvent): void {
    if (!this.#scale || event.pointerType === "touch") return;
    const { offsetX, offsetY } = event;
    const row = this.#near(this.#scale.at(offsetX, offsetY), this.#scale);
    if (row >= 0) this.#tip.show(this.#about(row), offsetX, offsetY);
    this.#point(row);
  }

  #leave(): void {
    this.#point(-1);
  }

  #point(row: number): void {
    if (row < 0) this.#tip.hide();
    if (row === this.#hovered) return;
    this.#hovered = row;
    this.#actions.hover(row);
    this.#schedulePaint();
  }

  #about(row: number): [string, string][] {
    const text = (name: string) => {
      const column = this.#store.table.columns.get(name);
      return column ? cellText(column, row) : "";
    };
    return [
      ["type", labelText(text(TYPE))],
      ["root id", text("pt_root_id")],
      ["depth", `${text("depth")} µm`],
      ["proofreading", labelText(text(PROOFREADING))],
    ];
  }
}

// A tenth of a um is more exact than a soma's position, and shorter in the saved notebook.
function rounded([x, depth]: Point): Point {
  return [Math.round(x * 10) / 10, Math.round(depth * 10) / 10];
}

function somataOf(table: Table, theme: Theme): Somata {
  const types = getColumn(table, "cell_type_auto", "text");
  const packed = types.labels.map((label) => packedColor(color(label, theme)));
  const colors = new Uint32Array(table.rows).fill(packedColor(color(null, theme)));
  types.codes.forEach((code, row) => {
    colors[row] = packed[code] ?? colors[row] ?? 0;
  });
  return {
    x: getColumn(table, "x", "number").values,
    depth: getColumn(table, "depth", "number").values,
    colors,
  };
}

function boundsOf({ x, depth }: Somata): Bounds {
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let row = 0; row < x.length; row++) {
    const [atX, atY] = [x[row] ?? Number.NaN, depth[row] ?? Number.NaN];
    if (atX < bounds.left) bounds.left = atX;
    if (atX > bounds.right) bounds.right = atX;
    if (atY < bounds.top) bounds.top = atY;
    if (atY > bounds.bottom) bounds.bottom = atY;
  }
  return Number.isFinite(bounds.left) ? bounds : { left: 0, right: 1, top: 0, bottom: 1 };
}
