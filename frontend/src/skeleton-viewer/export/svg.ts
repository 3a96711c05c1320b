// The view as an SVG file: strokes and marks, and the overlay.
import { clipped } from "../../shared/clipped";
import { svg } from "../../shared/dom";
import type { Cell } from "../data/cell";
import type { Frame } from "../render/camera";
import { type Color, type Paint, toHex } from "../render/colors";
import { marks, strokes } from "../render/strokes";

const OVERLAY_PROPERTIES = [
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "fill",
  "opacity",
  "paint-order",
];
const TEXT_PROPERTIES = ["font-family", "font-size", "dominant-baseline", "text-anchor"];

/** A copy of the overlay that needs no style sheet and names the source of the data. */
export function standalone(overlay: SVGSVGElement, frame: Frame, source: string): SVGSVGElement {
  const copy = overlay.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(frame.width));
  copy.setAttribute("height", String(frame.height));
  const originals = overlay.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, place) => {
    const style = getComputedStyle(originals[place] as Element);
    const names =
      element.tagName === "text" ? [...OVERLAY_PROPERTIES, ...TEXT_PROPERTIES] : OVERLAY_PROPERTIES;
    for (const name of names) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute("class");
  });
  const { color } = getComputedStyle(overlay);
  const [x, y] = [frame.width - 8, frame.height - 10];
  const style = { "text-anchor": "end", "font-family": "sans-serif", "font-size": 11, fill: color };
  copy.append(svg("text", { x, y, ...style }, clipped(source)));
  return copy;
}

/** The whole picture in CSS pixels, independent of the renderer. */
export function toSvg(
  frame: Frame,
  cells: readonly Cell[],
  paints: readonly Paint[],
  overlay: SVGSVGElement,
  background: Color,
  title: string,
  source: string,
): string {
  const root = standalone(overlay, frame, source);
  const overlayParts = [...root.children];
  const groups = cells.flatMap((cell, place) => {
    const paint = paints[place] as Paint;
    // A twentieth of a pixel is invisible, and halves the size of the file.
    const tolerance = (0.05 * frame.camera.height) / frame.height;
    return [
      svg(
        "g",
        { fill: "none", "stroke-linecap": "round" },
        ...strokes(frame, cell, paint, tolerance).map(path),
      ),
      svg("g", {}, ...marks(frame, cell, paint).map(mark)),
    ];
  });
  const clip = svg("clipPath", { id: "frame" }, rectangle(frame, {}));
  root.replaceChildren(
    svg("title", {}, title),
    clip,
    rectangle(frame, { fill: toHex(background) }),
    svg("g", { "clip-path": "url(#frame)" }, ...groups),
    ...overlayParts,
  );
  return new XMLSerializer().serializeToString(root);
}

function rectangle({ width, height }: Frame, attributes: Record<string, string>): SVGElement {
  return svg("rect", { width, height, ...attributes });
}

function path({ color, width, ends }: ReturnType<typeof strokes>[number]): SVGElement {
  let d = "";
  for (let i = 0; i < ends.length; i += 4) {
    const [x, y, u, v] = ends.slice(i, i + 4).map((value) => Number(value.toFixed(2)));
    d += `M${x} ${y}L${u} ${v}`;
  }
  return svg("path", { stroke: color, "stroke-width": width, d });
}

function mark({ shape, color, x, y, radius }: ReturnType<typeof marks>[number]): SVGElement {
  const [cx, cy, r] = [x, y, radius].map((value) => Number(value.toFixed(2))) as [
    number,
    number,
    number,
  ];
  if (shape === "disk") return svg("circle", { cx, cy, r, fill: color });
  const points = [
    [0, -1.25],
    [1.1, 1],
    [-1.1, 1],
  ].map(([dx, dy]) =>
    [cx + r * (dx as number), cy + r * (dy as number)].map((value) => Number(value.toFixed(2))),
  );
  return svg("polygon", { points: points.join(" "), fill: color });
}
