// Perceptually uniform colour scales: viridis for depth, plasma for sizes, without the end that the
// page's ground would hide.
import type { Theme } from "../../shared/theme";
import type { Color } from "./colors";

/** Polynomials of degree six that approximate matplotlib's maps, highest power first. */
type Polynomial = readonly Color[];

// Coefficients: Matt Zucker, https://www.shadertoy.com/view/WlfXRN (public domain).
const VIRIDIS: Polynomial = [
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
];
const PLASMA: Polynomial = [
  [-3.658713842777788, -22.93153465461149, 18.19190778539828],
  [10.02306557647065, 71.41361770095349, -54.07218655560067],
  [-11.10743619062271, -82.66631109428045, 60.13984767418263],
  [6.130348345893603, 42.3461881477227, -28.51885465332158],
  [-2.689460476458034, -7.455851135738909, 3.110799939717086],
  [2.176514634195958, 0.2383834171260182, 0.7539604599784036],
  [0.05873234392399702, 0.02333670892565664, 0.5433401826748754],
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
