// The view as an SVG file: strokes and marks, the overlay, and what is around them.

import { toHex } from "../../shared/contrast";
import { svg } from "../../shared/dom";
import type { Cell } from "../data/cell";
import type { Frame } from "../render/camera";
import type { Paint } from "../render/colors";
import { HALO, type Marks } from "../render/renderer";
import { marks, strokes } from "../render/strokes";
import { markElement } from "../view/mark-element";
import { type SheetContent, sheet } from "./sheet";

const OVERLAY_PROPERTIES = [
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "fill",
  "opacity",
  "paint-order",
];
const TEXT_PROPERTIES = ["font-family", "font-size", "dominant-baseline", "text-anchor"];

/** A copy of the overlay that needs no style sheet. */
function standalone(overlay: SVGSVGElement): SVGElement[] {
  const copy = overlay.cloneNode(true) as SVGSVGElement;
  const originals = overlay.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, place) => {
    const style = getComputedStyle(originals[place] as Element);
    const names =
      element.tagName === "text" ? [...OVERLAY_PROPERTIES, ...TEXT_PROPERTIES] : OVERLAY_PROPERTIES;
    for (const name of names) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute("class");
  });
  return [...copy.children] as SVGElement[];
}

/** All that is drawn around and over a picture; `picture` is below it. */
export function furnished(
  content: SheetContent,
  overlay: SVGSVGElement,
  picture: readonly SVGElement[] | null,
): SVGSVGElement {
  const page = sheet(content);
  const { width, height } = page;
  return svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    svg("title", {}, content.caption),
    picture && svg("rect", { width, height, fill: toHex(content.background) }),
    svg("clipPath", { id: "frame" }, rectangle(content.frame)),
    svg("g", { "clip-path": "url(#frame)" }, ...(picture ?? []), ...standalone(overlay)),
    ...page.parts,
  );
}

/** The whole picture in CSS pixels, independent of the renderer. */
export function toSvg(
  content: SheetContent,
  cells: readonly Cell[],
  paints: readonly Paint[],
  overlay: SVGSVGElement,
  style: Marks,
): string {
  const { frame } = content;
  const border = { stroke: toHex(content.background), "stroke-width": HALO };
  const picture = cells.flatMap((cell, place) => {
    const paint = paints[place] as Paint;
    // A twentieth of a pixel is invisible, and halves the size of the file.
    const tolerance = (0.05 * frame.camera.height) / frame.height;
    const [soma, ...synapses] = marks(frame, cell, paint, style).map((one) =>
      markElement(one, border),
    );
    const opacity = style.opacity < 1 && style.opacity;
    return [
      svg(
        "g",
        { fill: "none", "stroke-linecap": "round" },
        ...strokes(frame, cell, paint, tolerance).map(path),
      ),
      ...(soma ? [soma] : []),
      svg("g", { "fill-opacity": opacity, "stroke-opacity": opacity }, ...synapses),
    ];
  });
  return new XMLSerializer().serializeToString(furnished(content, overlay, picture));
}

function rectangle({ width, height }: Frame): SVGElement {
  return svg("rect", { width, height });
}

function path({ color, width, ends }: ReturnType<typeof strokes>[number]): SVGElement {
  let d = "";
  for (let i = 0; i < ends.length; i += 4) {
    const [x, y, u, v] = ends.slice(i, i + 4).map((value) => Number(value.toFixed(2)));
    d += `M${x} ${y}L${u} ${v}`;
  }
  return svg("path", { stroke: color, "stroke-width": width, d });
}
