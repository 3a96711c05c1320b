// Whether activity fades, from the numbers that Python sends; `RateModel.stability` has the rules.
import type { Spectrum } from "./networks";

export type Stability = "stable" | "stable with inhibition" | "may grow" | "unstable";

// Radii are found by iteration; dynamics/rate_model.py has the same.
const TOLERANCE = 1e-6;

/** Whether activity fades once a stimulus ends. */
export function stability(spectrum: Spectrum, gain: number, rectified: boolean): Stability {
  if (rectified && spectrum.excitation * gain < 1) return "stable";
  const { abscissa, excitation } = spectrum;
  if (abscissa * gain < 1) return rectified ? "stable with inhibition" : "stable";
  const excited = Math.abs(abscissa - excitation) <= TOLERANCE * abscissa;
  return rectified && !excited ? "may grow" : "unstable";
}

/**
 * The factor on the weights of each network: a common one in addition to the models' gains, or
 * for all but the first one the factor that gives them the first one's spectral radius.
 */
export function gainsOf(
  spectra: readonly Spectrum[] | undefined,
  models: readonly number[],
  gain: number,
  same: "gain" | "spectral_radius",
): number[] {
  const gains = models.map((own) => own * gain);
  const radius = (spectra?.[0]?.radius ?? 0) * (gains[0] as number);
  return gains.map((own, k) => {
    const alone = spectra?.[k]?.radius ?? 0;
    return same === "spectral_radius" && radius > 0 && alone > 0 ? radius / alone : own;
  });
}
