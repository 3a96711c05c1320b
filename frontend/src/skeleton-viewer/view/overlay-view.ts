// Drawn over the picture: layers, depth axis, scale bar, rings around chosen synapses.
import { clipped } from "../../shared/clipped";
import { h, svg } from "../../shared/dom";
import { layerName } from "../../shared/layers";
import type { Box } from "../data/cell";
import type { Vector } from "../data/vector";
import { type Frame, project } from "../render/camera";
import { TRIANGLE } from "../render/renderer";
import type { Mark } from "../render/strokes";
import type { World } from "../state";
import { length, roundDown, ticks } from "./axis-numbers";
import { markElement } from "./mark-element";

export interface Ring {
  um: Vector;
  /** Thin around a soma, strong around the synapse under the pointer; lit: of a partner pointed at. */
  kind: "soma" | "lit" | "chosen" | "pointed";
  /** In um; only for a soma. */
  radius?: number;
  /** What is ringed: it is drawn over all rings, which would hide it where they are close. */
  mark?: Mark | null;
}

const MOST_RINGS = 500;

export class OverlayView {
  readonly el = svg("svg", { class: "skv-overlay", "aria-hidden": "true" });

  /** Draws layers around the cells in `box`, those inside the volume; null if there are none. */
  draw(frame: Frame, world: World, box: Box | null, rings: readonly Ring[], outside = false): void {
    const { width, height } = frame;
    this.el.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const note = label("outside the volume: no layers", 8, 14, { class: "skv-depth" });
    const shown = rings.slice(0, MOST_RINGS);
    this.el.replaceChildren(
      ...(outside ? [note] : layersOf(frame, world, box)),
      ...shown.map((ring) => circle(frame, ring)),
      ...shown.flatMap(({ mark }) => (mark ? markElement(mark, { class: "skv-over" }) : [])),
      ...scaleBar(frame),
    );
  }
}

/** The source of the data, in a corner of the picture. */
export function sourceBadge(source: string, synthetic: boolean): HTMLElement {
  const kind = synthetic ? " skv-synthetic" : "";
  return h("span", { class: `skv-source${kind}`, title: source }, clipped(source));
}

function layersOf(frame: Frame, world: World, box: Box | null): SVGElement[] {
  const { view } = frame.camera;
  if (view === "top" || !box) return [];
  if (view === "perspective") return spatialLayers(frame, world, box);
  return [...flatLayers(frame, world), ...depthAxis(frame)];
}

function circle(frame: Frame, { um, kind, radius = 0, mark }: Ring): SVGElement {
  const { x, y, scale } = project(frame, ...um);
  const least = kind === "chosen" ? 6 : 8;
  // Larger than what is in it, also where the user has enlarged the synapses.
  const around = mark ? (mark.shape === "triangle" ? TRIANGLE : 1) * mark.radius + 3 : 0;
  const r = kind === "soma" ? Math.max(radius * scale, 3) + 1.5 : Math.max(least, around);
  return svg("circle", { class: `skv-ring skv-${kind}`, cx: x, cy: y, r });
}

function label(text: string, x: number, y: number, attributes = {}): SVGElement {
  return svg("text", { x, y, ...attributes }, text);
}

/** Lines across the picture at the layers' borders, with their names on the right. */
function flatLayers(frame: Frame, world: World): SVGElement[] {
  const y = (depth: number) =>
    project(frame, frame.camera.center[0], depth, frame.camera.center[2]).y;
  return world.layers.flatMap(([name, top, bottom]) => {
    // The scale bar and the source are below.
    const [from, to] = [Math.max(y(top), 0), Math.min(y(bottom), frame.height - 26)];
    const text = layerName(name);
    return [
      svg("line", { class: "skv-border", x1: 0, x2: frame.width, y1: y(top), y2: y(top) }),
      to - from > 16 &&
        label(text, frame.width - 6, (from + to) / 2, { class: "skv-layer", "text-anchor": "end" }),
    ].filter((element) => element instanceof SVGElement);
  });
}

/** In 3D a border is a rectangle around the cells. */
function spatialLayers(frame: Frame, world: World, { low, high }: Box): SVGElement[] {
  const corners = (depth: number) =>
    (
      [
        [low[0], low[2]],
        [high[0], low[2]],
        [high[0], high[2]],
        [low[0], high[2]],
      ] as const
    ).map(([x, z]) => project(frame, x, depth, z));
  const inside = world.layers.filter(([, top, bottom]) => bottom > low[1] && top < high[1]);
  return inside.flatMap(([name, top, bottom]) => {
    const at = corners(Math.max(top, low[1]));
    if (at.some(({ scale }) => scale === 0)) return [];
    const middle = corners((Math.max(top, low[1]) + Math.min(bottom, high[1])) / 2);
    const rightmost = middle.reduce((a, b) => (b.x > a.x ? b : a));
    // The scale bar and the source are below.
    const free = rightmost.y < frame.height - 26;
    const text = layerName(name);
    const shape = svg("polygon", {
      class: "skv-border skv-spatial",
      points: at.map(({ x, y }) => `${x},${y}`).join(" "),
    });
    const x = Math.min(rightmost.x + 4, frame.width - 26);
    return [
      top >= low[1] && shape,
      free && label(text, x, rightmost.y, { class: "skv-layer" }),
    ].filter((element) => element instanceof SVGElement);
  });
}

/** The depth axis on the left of a flat view. */
function depthAxis(frame: Frame): SVGElement[] {
  const { center, height } = frame.camera;
  const [low, high] = [center[1] - height / 2, center[1] + height / 2];
  const most = Math.max(2, Math.floor(frame.height / 70));
  return ticks(low, high, most)
    .flatMap((depth) => {
      const { y } = project(frame, center[0], depth, center[2]);
      // The scale bar is below, the title of the axis above.
      if (y < 26 || y > frame.height - 30) return [];
      return [
        svg("line", { class: "skv-tick", x1: 0, x2: 5, y1: y, y2: y }),
        label(String(Number(depth.toPrecision(6))), 8, y, { class: "skv-depth" }),
      ];
    })
    .concat(label("depth (µm)", 8, 14, { class: "skv-depth" }));
}

function scaleBar(frame: Frame): SVGElement[] {
  const perUm = frame.height / frame.camera.height;
  const um = roundDown(Math.min(frame.width / 4, 140) / perUm);
  const [x, y] = [12, frame.height - 12];
  const path = `M ${x} ${y - 4} V ${y} H ${x + um * perUm} V ${y - 4}`;
  return [
    svg("path", { class: "skv-scale", d: path }),
    label(length(um), x, y - 10, { class: "skv-scale-text" }),
  ];
}
