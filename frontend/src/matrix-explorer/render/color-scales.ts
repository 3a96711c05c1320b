// Perceptually uniform colour scales, from the weakest connection to the strongest: from light to
// dark on a light ground, from dark to light on a dark one. The end near the ground is cut off, so
// that a weak connection does not look like none.
import type { COLORMAPS } from "../../shared/contract";
import { luminance } from "../../shared/contrast";
import { DARK_GROUND, NO_CONNECTION } from "../../shared/palette";
import type { Theme } from "../../shared/theme";

export type Colormap = (typeof COLORMAPS)[number];
/** The scales, and one with two ends and a neutral middle for ratios. */
type Scale = Colormap | "ratio";

// Every twentieth of matplotlib's maps, or every eighth of the greys; interpolation between them is
// smooth. A scale begins at `light` and goes back to the start of the map, or begins at `dark` and
// goes on to its end.
const MAPS: Record<Colormap, { stops: string; light: number; dark: number }> = {
  viridis: {
    stops:
      "4401544814664825754634804144873b528b345f8d2f6c8e2a788e25848e21908c1e9c8922a8842fb47c43bf715dc9637ad1519ad93dbcdf27dde318fde725",
    light: 0.75,
    dark: 0.3,
  },
  cividis: {
    stops:
      "00224e002b640a3470253d6e35456c434e6c4f576c5b606e6669707172747c7b78888578948e77a19875aea271bbad6cc8b866d6c35de4ce52f3da43fee838",
    light: 0.8,
    dark: 0.34,
  },
  magma: {
    stops:
      "00000407061b150e372612563b0f7050127c641a807822818c2981a1307eb63779ca3e72de4968ed5a5ff66f5cfb8761fe9f6dfeb77efece91fde6a7fcfdbf",
    light: 0.8,
    dark: 0.45,
  },
  plasma: {
    stops:
      "0d08872b059442039d5701a46a00a87e03a8900ea3a11c9bb12a90bf3984cb4778d6556de16462ea7357f2834cf89441fca636feb92cfcce25f7e325f0f921",
    light: 0.75,
    dark: 0.36,
  },
  greys: {
    stops: "1111112929294343435f5f5f7d7d7d9c9c9cbcbcbcddddddffffff",
    light: 0.7,
    dark: 0.38,
  },
};
const RATIO: Record<Theme, string> = {
  light: "2166ac4393c392c5ded1e5f0f7f7f7fddbc7f4a582d6604db2182b",
  dark: "7cc4f84393c32f6d9a27496b2b2f366b3a2ea3503bd6604dfc8d6e",
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
  const [stops, from, to] = scale(colormap, theme);
  const last = stops.length / 6 - 1;
  const at = (from + (to - from) * Math.min(Math.max(part, 0), 1)) * last;
  const low = Math.min(Math.floor(at), last - 1);
  const [below, above] = [rgb(stops.slice(6 * low)), rgb(stops.slice(6 * low + 6))];
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(below[channel] + (above[channel] - below[channel]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

/** The stops of a scale, and the part of them that it uses, from weak to strong. */
function scale(colormap: Scale, theme: Theme): [stops: string, from: number, to: number] {
  if (colormap === "ratio") return [RATIO[theme], 0, 1];
  const { stops, light, dark } = MAPS[colormap];
  return theme === "dark" ? [stops, dark, 1] : [stops, light, 0];
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
export function inkOn(color: Rgb): string {
  return luminance(color) > 0.179 ? "#000" : "#fff";
}

/** "#rrggbb" as an opaque pixel of an image, whose bytes are red, green, blue, alpha. */
export function pixelOf(hex: string): number {
  return pixel(rgb(hex.slice(1)));
}

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(0, 6), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function pixel([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
