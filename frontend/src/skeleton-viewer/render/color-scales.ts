// Perceptually uniform colour scales: viridis for depth, plasma for sizes, without the end that the
// page's ground would hide.
import type { Theme } from "../../shared/theme";
import type { Color } from "./colors";

/** Polynomials of degree six that approximate matplotlib's maps, highest power first. */
type Polynomial = readonly Color[];

// Coefficients: Matt Zucker, https://www.shadertoy.com/view/WlfXRN (public domain), rounded: four
// digits are enough for 255 steps.
const VIRIDIS: Polynomial = [
  [-5.4355, 4.6459, 26.3124],
  [4.7764, -13.7451, -65.353],
  [6.2283, 14.1799, 56.6906],
  [-4.6342, -5.7991, -19.3324],
  [-0.3309, 0.2148, 0.0951],
  [0.1051, 1.4046, 1.3846],
  [0.2777, 0.0054, 0.3341],
];
const PLASMA: Polynomial = [
  [-3.6587, -22.9315, 18.1919],
  [10.0231, 71.4136, -54.0722],
  [-11.1074, -82.6663, 60.1398],
  [6.1303, 42.3462, -28.5189],
  [-2.6895, -7.4559, 3.1108],
  [2.1765, 0.2384, 0.754],
  [0.0587, 0.0233, 0.5433],
];

/** The part of a scale that is used on each ground. */
const VIRIDIS_PART: Record<Theme, [number, number]> = { light: [0, 0.9], dark: [0.37, 1] };
const PLASMA_PART: Record<Theme, [number, number]> = { light: [0, 0.85], dark: [0.42, 1] };

/** The colour of a depth, from 0 at the pia to 1 at the bottom. */
export function depthColor(place: number, theme: Theme): Color {
  return at(VIRIDIS, VIRIDIS_PART[theme], 1 - place);
}

/** The colour of a size, from 0 for small to 1 for large. */
export function sizeColor(place: number, theme: Theme): Color {
  return at(PLASMA, PLASMA_PART[theme], place);
}

function at(scale: Polynomial, [low, high]: [number, number], place: number): Color {
  const t = low + (high - low) * Math.max(0, Math.min(1, place));
  return [0, 1, 2].map((channel) => {
    let value = 0;
    for (const row of scale) value = value * t + (row[channel] as number);
    return 255 * Math.max(0, Math.min(1, value));
  }) as Color;
}
