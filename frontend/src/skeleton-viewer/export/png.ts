// The view as a PNG, including the overlay, the legend and the source of the data.

import { toHex } from "../../shared/contrast";
import { h } from "../../shared/dom";
import type { SheetContent } from "./sheet";
import { furnished } from "./svg";

/** Returns a picture, and all around it, as a file with `ratio` pixels per CSS pixel. */
export async function toPng(
  content: SheetContent,
  picture: HTMLCanvasElement,
  overlay: SVGSVGElement,
): Promise<Blob> {
  const { width, height } = content.frame;
  const ratio = picture.width / width;
  // Without the picture: an SVG with a large image is slow to decode.
  const around = furnished(content, overlay, null);
  const size = ["width", "height"].map((name) => {
    const pixels = Math.round(ratio * Number(around.getAttribute(name)));
    // At the size of the file, so that text is sharp.
    around.setAttribute(name, String(pixels));
    return pixels;
  }) as [number, number];
  const canvas = h("canvas", { width: size[0], height: size[1] });
  const context = canvas.getContext("2d");
  if (!context) throw new Error(FAILED);
  context.fillStyle = toHex(content.background);
  context.fillRect(0, 0, ...size);
  context.drawImage(picture, 0, 0, width * ratio, height * ratio);
  context.drawImage(await image(around), 0, 0, ...size);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error(FAILED);
  return blob;
}

const FAILED = "The browser could not create the PNG. Choose a smaller scale.";

async function image(around: SVGSVGElement): Promise<HTMLImageElement> {
  const text = new XMLSerializer().serializeToString(around);
  const element = new Image();
  element.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await element.decode();
  return element;
}
