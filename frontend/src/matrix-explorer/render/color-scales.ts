// Perceptually uniform colour scales, from the weakest connection to the strongest. Their light
// ends are cut off, so that a weak connection does not look like none.
import type { COLORMAPS } from "../../shared/contract";
import { NO_CONNECTION } from "../../shared/palette";

export type Colormap = (typeof COLORMAPS)[number];

// Seventeen colours of each of matplotlib's maps, reversed; interpolation between them is smooth.
const STOPS: Record<Colormap, string> = {
  viridis:
    "5cc86344bf7031b57b24aa831f9f8820938c23888e287d8e2c718e31668e375a8c3d4d8a423f8546307e482173471164440154",
  cividis:
    "c8b866bbad6daea371a19975948e778885787c7b787272746669705b606e4f576c424e6c35456c243c6e083370002b6200224e",
  magma:
    "fe9f6dfb8761f7705ced5a5fde4968ca3e72b5367aa1307e8c2981782281641a804f127b3b0f70251255140e3606051a000004",
  plasma:
    "f89441f2844beb7556e26660d9586ace4b75c33d80b6308ba8229699159f8808a67701a86400a75102a33e049c2805920d0887",
  greys:
    "b0b0b0a5a5a59a9a9a8f8f8f8484847a7a7a6f6f6f6565655b5b5b5151514747473d3d3d3434342b2b2b2222221a1a1a111111",
};

type Rgb = [number, number, number];

/** A colour of a scale as red, green and blue (0 to 255), at a position from 0 to 1. */
export function colorAt(colormap: Colormap, part: number): Rgb {
  const stops = STOPS[colormap];
  const last = stops.length / 6 - 1;
  const at = Math.min(Math.max(part, 0), 1) * last;
  const low = Math.min(Math.floor(at), last - 1);
  const [from, to] = [rgb(stops.slice(6 * low)), rgb(stops.slice(6 * low + 6))];
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

/** Colours of the steps: the first for no connection, then 255 from weak to strong. */
export function stepColors(colormap: Colormap): Uint32Array {
  const colors = new Uint32Array(256);
  colors[0] = pixel(rgb(NO_CONNECTION.slice(1)));
  for (let step = 1; step < 256; step++) colors[step] = pixel(colorAt(colormap, (step - 1) / 254));
  return colors;
}

/** Colours for numbers of connections up to `most`, on a logarithmic scale. */
export function countColors(colormap: Colormap, most: number): Uint32Array {
  const colors = new Uint32Array(most + 1);
  colors[0] = pixel(rgb(NO_CONNECTION.slice(1)));
  const scale = Math.log(Math.max(most, 2));
  for (let n = 1; n <= most; n++) colors[n] = pixel(colorAt(colormap, Math.log(n) / scale));
  return colors;
}

/** A scale as a CSS gradient. */
export function gradient(colormap: Colormap, direction = "to right"): string {
  const stops = Array.from({ length: 17 }, (_, stop) => css(colorAt(colormap, stop / 16)));
  return `linear-gradient(${direction}, ${stops.join(", ")})`;
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Black or white, whichever has more contrast to a colour (by WCAG). */
export function inkOn([red, green, blue]: Rgb): string {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 0.179 ? "#000" : "#fff";
}

/** "#rrggbb" as an opaque pixel of an image, whose bytes are red, green, blue, alpha. */
export function pixelOf(hex: string): number {
  return pixel(rgb(hex.slice(1)));
}

function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(0, 6), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function pixel([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
