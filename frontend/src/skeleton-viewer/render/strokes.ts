// The picture as 2D strokes and marks, for a canvas without WebGL2 and for SVG.

import { toHex } from "../../shared/contrast";
import type { Cell } from "../data/cell";
import { type Frame, project } from "./camera";
import type { Color, Paint } from "./colors";
import { type Marks, synapseRadius, THINNEST, TRIANGLE } from "./renderer";
import { allSegments, fewerSegments } from "./segments";

/** Segments of the same colour and width: x and y of both ends, in CSS pixels. */
export interface Stroke {
  color: string;
  width: number;
  ends: number[];
}

/** A soma, an input or an output. */
export interface Mark {
  shape: "soma" | "disk" | "triangle";
  color: string;
  x: number;
  y: number;
  radius: number;
}

/** The corners of a triangle with a border, in CSS pixels. */
export function corners({ x, y, radius }: Mark, border: number): [number, number][] {
  const reach = TRIANGLE * radius + border;
  return [
    [x, y - reach],
    [x + 0.866 * reach, y + 0.5 * reach],
    [x - 0.866 * reach, y + 0.5 * reach],
  ];
}

/** A cell's neurites, grouped by colour and width; simplified by at most `tolerance` um. */
export function strokes(frame: Frame, cell: Cell, paint: Paint, tolerance: number): Stroke[] {
  const { tree } = cell;
  if (!tree) return [];
  const segments = tolerance > 0 ? fewerSegments(tree, tolerance) : allSegments(tree);
  const groups = new Map<string, Stroke>();
  for (let i = 0; i < segments.length; i += 2) {
    const [a, b] = [segments[i] as number, segments[i + 1] as number];
    const [from, to] = [at(frame, tree.um, a), at(frame, tree.um, b)];
    if (from.scale === 0 || to.scale === 0) continue;
    // Steps of a tenth of a pixel keep the number of strokes small.
    const radius = Math.max((tree.radius[a] as number) * from.scale, THINNEST);
    const width = Math.round(20 * radius) / 10;
    const color = toHex([...paint.tree.subarray(4 * a, 4 * a + 3)] as Color);
    const key = `${color} ${width}`;
    const stroke = groups.get(key) ?? { color, width, ends: [] };
    stroke.ends.push(from.x, from.y, to.x, to.y);
    groups.set(key, stroke);
  }
  return [...groups.values()];
}

/** A cell's soma, then its synapses that are visible and within the picture. */
export function marks(frame: Frame, cell: Cell, paint: Paint, style: Marks): Mark[] {
  const { soma, synapses } = cell;
  const list: Mark[] = [];
  if (soma) {
    const { x, y, scale } = project(frame, ...soma.um);
    const radius = Math.max(soma.radius * scale, 2.5);
    list.push({ shape: "soma", color: toHex(paint.soma), x, y, radius });
  }
  for (let i = 0; i < synapses.n; i++) {
    const one = synapseMark(frame, cell, paint, style, i);
    if (one) list.push(one);
  }
  return list;
}

/** One synapse; null if it is hidden or outside the picture. */
export function synapseMark(
  frame: Frame,
  { synapses: { direction, um } }: Cell,
  paint: Paint,
  style: Marks,
  i: number,
): Mark | null {
  const size = paint.synapses[4 * i + 3] as number;
  if (size === 0) return null;
  const { x, y, scale } = at(frame, um, i);
  if (scale === 0 || x < 0 || y < 0 || x > frame.width || y > frame.height) return null;
  const normalRadius = synapseRadius(frame.height / frame.camera.height, style);
  return {
    shape: direction.labels[direction.codes[i] as number] === "output" ? "triangle" : "disk",
    color: toHex([...paint.synapses.subarray(4 * i, 4 * i + 3)] as Color),
    x,
    y,
    radius: (normalRadius * size) / 128,
  };
}

function at(frame: Frame, um: Float32Array, i: number) {
  return project(frame, um[3 * i] as number, um[3 * i + 1] as number, um[3 * i + 2] as number);
}
