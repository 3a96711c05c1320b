// Icons as strokes: not every font has these signs.
import { svg } from "../shared/dom";

const STROKES = {
  // Corners that point outwards, inwards, and a double arrow.
  full: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  back: "M6 2v4H2M14 6h-4V2M10 14v-4h4M2 10h4v4",
  enlarge: "M9 3h4v4M13 3 9 7M7 13H3V9M3 13l4-4",
} as const;

export function icon(name: keyof typeof STROKES): SVGSVGElement {
  const attributes = { viewBox: "0 0 16 16", class: "mwx-icon", "aria-hidden": "true" };
  return svg("svg", attributes, svg("path", { d: STROKES[name] }));
}
