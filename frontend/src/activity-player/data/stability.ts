// Whether activity fades, from the numbers that Python sends; `RateModel.stability` has the rules.
import { FADES } from "../../shared/contract";
import type { Spectrum } from "./networks";

export type Stability = "stable" | "stable with inhibition" | "may grow" | "unstable";

/** Whether activity fades once a stimulus ends. */
export function stability(spectrum: Spectrum, gain: number, rectified: boolean): Stability {
  const fades = spectrum.abscissa * gain < FADES;
  if (!rectified) return fades ? "stable" : "unstable";
  if (spectrum.excitation * gain < FADES) return "stable";
  if (spectrum.uninhibited * gain >= FADES) return "unstable";
  return fades ? "stable with inhibition" : "may grow";
}

/** A time step that is short enough in time constants, whatever the other eigenvalues are. */
export function safeStep(spectrum: Spectrum, gain: number): number {
  const [radius, abscissa] = [spectrum.radius * gain, spectrum.abscissa * gain];
  if (radius <= 1 || abscissa >= FADES) return 1 / (1 + radius);
  return Math.min(1 / (1 + radius), (2 * (1 - abscissa)) / (1 - 2 * abscissa + radius ** 2));
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
