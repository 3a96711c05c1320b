// A soma or a synapse as an element of an SVG: in exported pictures, and over rings.
import { svg } from "../../shared/dom";
import { HALO } from "../render/renderer";
import { corners, type Mark } from "../render/strokes";

/** A mark with a border, whose look is given as attributes. */
export function markElement(one: Mark, border: object): SVGElement {
  const [cx, cy] = [rounded(one.x), rounded(one.y)];
  const { shape, color: fill, radius } = one;
  if (shape === "soma") return svg("circle", { cx, cy, r: rounded(radius), fill });
  if (shape === "disk")
    return svg("circle", { cx, cy, r: rounded(radius + HALO / 2), fill, ...border });
  const points = corners(one, HALO).flat().map(rounded).join(" ");
  return svg("polygon", { points, fill, ...border });
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
