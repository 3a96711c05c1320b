// The view as a PNG, including the overlay.
import type { Frame } from "../render/camera";
import { standalone } from "./svg";

/** Draws the overlay onto a picture, which is changed, and returns both as a file. */
export async function toPng(
  picture: HTMLCanvasElement,
  overlay: SVGSVGElement,
  frame: Frame,
  source: string,
): Promise<Blob> {
  const copy = standalone(overlay, frame, source);
  // At the size of the picture, so that text is sharp.
  copy.setAttribute("width", String(picture.width));
  copy.setAttribute("height", String(picture.height));
  const text = new XMLSerializer().serializeToString(copy);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  picture.getContext("2d")?.drawImage(image, 0, 0, picture.width, picture.height);
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("The browser could not create the PNG. Choose a smaller scale.");
  return blob;
}
