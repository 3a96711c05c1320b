// Perceptually uniform colour scales, from the weakest connection to the strongest: from light to
// dark on a light ground, from dark to light on a dark one. The end near the ground is cut off, so
// that a weak connection does not look like none.
import type { COLORMAPS } from "../../shared/contract";
import { DARK_GROUND, NO_CONNECTION } from "../../shared/palette";
import type { Theme } from "../../shared/theme";

export type Colormap = (typeof COLORMAPS)[number];
/** The scales, and one with two ends and a neutral middle for ratios. */
type Scale = Colormap | "ratio";

// Seventeen colours of a part of each of matplotlib's maps, reversed for the light ground;
// interpolation between them is smooth.
const STOPS: Record<Theme, Record<Scale, string>> = {
  light: {
    ratio: "2166ac4393c392c5ded1e5f0f7f7f7fddbc7f4a582d6604db2182b",
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
  },
  dark: {
    ratio: "7cc4f84393c32f6d9a27496b2b2f366b3a2ea3503bd6604dfc8d6e",
    viridis:
      "355f8d2f6b8e2b758e27808e238a8d1f948c1fa08824aa832fb47c40bd7256c66770cf578bd646a8db34c5e021e2e418fde725",
    cividis:
      "595e6e62656f6c6d727474757e7c78878478928c789b9476a69c74b1a570bcae6cc7b767d2c060dec958e9d34ef6dd3ffee838",
    magma:
      "a1307eb0357bbd3977cc3f71d9466be55064ef5d5ef56b5cf97b5dfc8c63fe9d6cfeae77febd82fecd90fddea0fceeb0fcfdbf",
    plasma:
      "a51f99b12a90bc3587c6417dd04d73d9586ae16462e87059ef7e50f58b47f9983efca636feb72dfdc627fbd724f6e826f0f921",
    greys:
      "6161616b6b6b7575757f7f7f8888889292929c9c9ca6a6a6b0b0b0bababac4c4c4cececed8d8d8e2e2e2ecececf6f6f6ffffff",
  },
};

/** The colour for "no connection". */
export function noConnection(theme: Theme): string {
  return theme === "dark" ? DARK_GROUND : NO_CONNECTION;
}

export const LOWEST_RATIO = 0.25;
export const HIGHEST_RATIO = 4;

type Rgb = [number, number, number];

/** A colour of a scale as red, green and blue (0 to 255), at a position from 0 to 1. */
export function colorAt(colormap: Scale, part: number, theme: Theme = "light"): Rgb {
  const stops = STOPS[theme][colormap];
  const last = stops.length / 6 - 1;
  const at = Math.min(Math.max(part, 0), 1) * last;
  const low = Math.min(Math.floor(at), last - 1);
  const [from, to] = [rgb(stops.slice(6 * low)), rgb(stops.slice(6 * low + 6))];
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

/** Colours of the steps: the first for no connection, then 255 from weak to strong. */
export function stepColors(colormap: Colormap, theme: Theme = "light"): Uint32Array {
  const colors = new Uint32Array(256);
  colors[0] = pixelOf(noConnection(theme));
  for (let step = 1; step < 256; step++) {
    colors[step] = pixel(colorAt(colormap, (step - 1) / 254, theme));
  }
  return colors;
}

/** Colours for numbers of connections up to `most`, on a logarithmic scale. */
export function countColors(colormap: Colormap, most: number, theme: Theme = "light"): Uint32Array {
  const colors = new Uint32Array(most + 1);
  colors[0] = pixelOf(noConnection(theme));
  const scale = Math.log(Math.max(most, 2));
  for (let n = 1; n <= most; n++) colors[n] = pixel(colorAt(colormap, Math.log(n) / scale, theme));
  return colors;
}

/** Place of a ratio on its scale, from 0 to 1: a quarter and four times are at the ends. */
export function ratioPlace(ratio: number): number {
  return Math.log2(ratio / LOWEST_RATIO) / Math.log2(HIGHEST_RATIO / LOWEST_RATIO);
}

/** A scale as a CSS gradient. */
export function gradient(colormap: Scale, theme: Theme): string {
  const stops = Array.from({ length: 17 }, (_, stop) => css(colorAt(colormap, stop / 16, theme)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
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
