// The soma map: x against depth, coloured by type. A click chooses a cell, a lasso filters.
import { getColumn, type Table } from "../../shared/columns";
import { h, listen } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { Theme } from "../../shared/theme";
import { type Point, thinned } from "../data/polygon";
import { tableOrder } from "../data/row-order";
import { paintLayers } from "../render/layer-painter";
import { type Bounds, MapScale, nearest, type Size } from "../render/map-scale";
import { packedColor, paintSomata, type Somata } from "../render/soma-painter";
import type { Store } from "../store";

// Pixels: reach of a click, distance between a lasso's corners, largest movement of a click.
const REACH = 8;
const STEP = 4;
const STILL = 4;
const INK = { light: "#1f2328", dark: "#f0f2f5" };
const FADED = { light: "#e3e6ea", dark: "#3a3f46" };
const STEPS_UM = [50, 100, 200, 500];

type Mode = "lasso" | "move";

export class MapView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #canvas = h("canvas", { class: "mw-map", role: "img" });
  readonly #context: CanvasRenderingContext2D | null;
  readonly #somata: Somata;
  readonly #bounds: Bounds;
  /** Whether any cell is on the map: cells outside the volume have no depth. */
  readonly #anywhere: boolean;
  readonly #resized: ResizeObserver;
  readonly #all: Uint32Array;
  #image: ImageData | undefined;
  #size: Size = { width: 0, height: 0 };
  #scale: MapScale | undefined;
  #mode: Mode = "lasso";
  #line: Point[] = [];
  #last: Point = [0, 0];
  #theme: Theme = "light";

  constructor(store: Store) {
    this.#store = store;
    // In main memory rather than on the graphics card, because the CPU writes its pixels.
    this.#context = this.#canvas.getContext("2d", { willReadFrequently: true });
    this.#somata = somataOf(store.table);
    this.#bounds = boundsOf(this.#somata);
    this.#anywhere = this.#somata.depth.some((um) => Number.isFinite(um)) || store.table.rows === 0;
    this.#all = tableOrder(store.table.rows);
    this.element = h("div", { class: "mw-map-box" }, this.#canvas, this.#buttons());
    this.#resized = new ResizeObserver(() => this.#fit());
    this.#resized.observe(this.#canvas);
    this.#listen();
  }

  destroy(): void {
    this.#resized.disconnect();
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    this.paint();
  }

  paint(): void {
    const context = this.#context;
    const { width, height } = this.#canvas;
    if (!context || !this.#scale || width === 0) return;
    this.#paintDots(context, { width, height }, this.#scale);
    const ratio = width / this.#size.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.#anywhere) {
      this.#paintDepths(context, this.#scale);
      paintLayers(context, this.#store.layers, this.#scale, this.#size, this.#theme);
    } else {
      context.fillStyle = INK[this.#theme];
      context.fillText("no cells in the volume", 8, 11);
    }
    this.#paintChosen(context, this.#scale);
    this.#paintArea(context, this.#scale);
    context.setTransform(1, 0, 0, 1, 0, 0);
    const { rows } = this.#store;
    this.#canvas.setAttribute(
      "aria-label",
      `Map of somata, x against depth below the pia, coloured by type: ${grouped(rows.length)} of ` +
        `${grouped(this.#all.length)} cells`,
    );
  }

  #paintDots(context: CanvasRenderingContext2D, size: Size, scale: MapScale): void {
    if (this.#image?.width !== size.width || this.#image.height !== size.height) {
      this.#image = context.createImageData(size.width, size.height);
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(0);
    const { rows } = this.#store;
    const ratio = size.width / this.#size.width;
    const closer = scale.factor / MapScale.fitting(this.#bounds, this.#size).factor;
    const sparse = rows.length < 3000 ? 2 : 1;
    const dot = Math.max(1, Math.round(ratio * Math.min(6, sparse * Math.sqrt(closer))));
    if (rows.length < this.#all.length) {
      const faded = packedColor(FADED[this.#theme]);
      paintSomata(pixels, size, this.#somata, this.#all, scale, ratio, dot, faded);
    }
    paintSomata(pixels, size, this.#somata, rows, scale, ratio, dot);
    context.putImageData(this.#image, 0, 0);
  }

  #paintDepths(context: CanvasRenderingContext2D, scale: MapScale): void {
    context.fillStyle = INK[this.#theme];
    context.strokeStyle = INK[this.#theme];
    context.font = "11px system-ui, sans-serif";
    context.lineWidth = 1;
    const step = STEPS_UM.find((um) => um * scale.factor >= 30) ?? 500;
    const [, top] = scale.at(0, 0);
    const [, bottom] = scale.at(0, this.#size.height);
    for (let depth = Math.ceil(top / step) * step; depth < bottom; depth += step) {
      const y = Math.round(scale.y(depth)) + 0.5;
      if (y < 16 || y > this.#size.height - 6) continue;
      context.fillRect(0, y - 0.5, 5, 1);
      context.fillText(String(depth), 8, y + 4);
    }
    context.fillText("depth below the pia (µm)", 8, 11);
    const [right, low] = [this.#size.width - 10, this.#size.height - 10];
    context.fillRect(right - step * scale.factor, low, step * scale.factor, 2);
    context.textAlign = "right";
    context.fillText(`${step} µm`, right, low - 5);
    context.textAlign = "left";
  }

  #paintChosen(context: CanvasRenderingContext2D, scale: MapScale): void {
    const { selectedRows, valueRow } = this.#store;
    const { x, depth } = this.#somata;
    const ring = (row: number, radius: number, lineWidth: number) => {
      context.lineWidth = lineWidth;
      context.beginPath();
      context.arc(scale.x(x[row] ?? 0), scale.y(depth[row] ?? 0), radius, 0, 2 * Math.PI);
      context.stroke();
    };
    const many = selectedRows.size > 500;
    for (const row of selectedRows) ring(row, many ? 1.5 : 3.5, many ? 1 : 1.5);
    if (valueRow >= 0) ring(valueRow, 7, 2.5);
  }

  #paintArea(context: CanvasRenderingContext2D, scale: MapScale): void {
    const area = this.#store.choice.filters.area as readonly Point[] | undefined;
    const line = this.#line.length ? this.#line : (area ?? []);
    if (line.length < 2) return;
    context.setLineDash([5, 3]);
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [x, depth] of line) context.lineTo(scale.x(x), scale.y(depth));
    context.closePath();
    context.stroke();
    context.setLineDash([]);
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
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

  #buttons(): HTMLElement {
    const mode = (name: Mode, title: string) => {
      const button = h("button", { "aria-pressed": name === this.#mode, title }, name);
      button.setAttribute("aria-pressed", String(name === this.#mode));
      listen(button, "click", () => {
        this.#mode = name;
        for (const other of modes) other.setAttribute("aria-pressed", String(other === button));
        this.#canvas.dataset.mode = name;
      });
      return button;
    };
    const modes = [
      mode("lasso", "Draw around cells to filter by position"),
      mode("move", "Drag the map"),
    ];
    const zoom = (text: string, label: string, act: () => void) => {
      const button = h("button", { "aria-label": label, title: label }, text);
      listen(button, "click", act);
      return button;
    };
    return h(
      "div",
      { class: "mw-map-buttons", role: "group", "aria-label": "Map" },
      ...modes,
      zoom("+", "Zoom in", () => this.#zoomAtValue(2)),
      zoom("−", "Zoom out", () => this.#zoomAtValue(0.5)),
      zoom("fit", "Fit the whole map into the view", () => this.#zoomAtValue(0)),
    );
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
      if (canvas.hasPointerCapture(event.pointerId)) this.#drag(event);
    });
    listen(canvas, "pointerup", (event) => this.#drop(event));
    listen(canvas, "pointercancel", () => {
      this.#line = [];
      this.paint();
    });
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
    if (this.#mode === "lasso") {
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
    const moved = this.#mode === "move" && line.length > 1;
    if (!dragged && !moved) this.#choose([x, depth], scale);
    else if (this.#mode === "lasso") {
      const corners = thinned(line, STEP / scale.factor).map(rounded);
      if (corners.length >= 3) this.#store.filter("area", corners);
    }
    this.paint();
  }

  #choose(at: Point, scale: MapScale): void {
    const { rows } = this.#store;
    const { x, depth } = this.#somata;
    const row = nearest(x, depth, rows, at, REACH / scale.factor);
    if (row >= 0) this.#store.choose(row);
  }
}

// A tenth of a um is more exact than a soma's position, and shorter in the saved notebook.
function rounded([x, depth]: Point): Point {
  return [Math.round(x * 10) / 10, Math.round(depth * 10) / 10];
}

function somataOf(table: Table): Somata {
  const types = getColumn(table, "cell_type_auto", "text");
  const packed = types.labels.map((label) => packedColor(color(label)));
  const colors = new Uint32Array(table.rows).fill(packedColor(color(null)));
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
