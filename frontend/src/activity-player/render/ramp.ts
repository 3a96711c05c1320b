// The colour of a rate: from nearly that of the paper to the most different from it.
import { parts } from "../../shared/contrast";
import type { Theme } from "../../shared/theme";

const STOPS: Record<Theme, string[]> = {
  light: ["#e4e8ec", "#fbd26b", "#f0813f", "#c4325f", "#63136a", "#1d0a33"],
  dark: ["#2c3138", "#5f1d76", "#b83a6f", "#ef704e", "#fbb552", "#fcfcc4"],
};
/** Number of colours. */
export const LEVELS = 64;

export interface Ramp {
  css: readonly string[];
  /** As pixels in memory: alpha, blue, green, red from the highest byte down. */
  packed: Uint32Array;
}

const ramps = new Map<Theme, Ramp>();

export function rampOf(theme: Theme): Ramp {
  const made = ramps.get(theme) ?? ramp(STOPS[theme]);
  ramps.set(theme, made);
  return made;
}

/** The place of a rate in a ramp; what is brighter than the brightest is drawn alike. */
export function levelOf(rate: number, brightest: number): number {
  const part = rate / brightest;
  return part > 0 ? Math.min(LEVELS - 1, Math.floor(part * LEVELS)) : 0;
}

function ramp(stops: readonly string[]): Ramp {
  const css: string[] = [];
  const packed = new Uint32Array(LEVELS);
  for (let level = 0; level < LEVELS; level++) {
    const at = (level / (LEVELS - 1)) * (stops.length - 1);
    const k = Math.min(Math.floor(at), stops.length - 2);
    const [low, high] = [parts(stops[k] as string), parts(stops[k + 1] as string)];
    const [red = 0, green = 0, blue = 0] = low.map((value, part) =>
      Math.round(value + (at - k) * ((high[part] as number) - value)),
    );
    css.push(`rgb(${red} ${green} ${blue})`);
    packed[level] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
  return { css, packed };
}
