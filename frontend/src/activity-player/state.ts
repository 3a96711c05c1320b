// The synced traits; activity_player.py documents them.
import type { PLAYER_DEFAULTS } from "../shared/contract";
import type { Layer } from "../shared/layers";
import type { RootId } from "../shared/root-ids";

export interface State extends Record<string, unknown> {
  gain: number;
  inhibition: number | null;
  same: "gain" | "spectral_radius";
  stimulus_types: string[];
  stimulus_cells: RootId[];
  strength: number;
  stimulus_times: [number, number];
  time: number;
  playing: boolean;
  speed: number;
  cell: RootId | null;
  outside: RootId | null;
  selected_outside: number;
  data: DataView | null;
  labels: string[];
  fixed: Fixed;
  layers: Layer[];
  code_arguments: string;
  source: string;
}

/** What is the same for all runs: times in s, and each model's gain and inhibition. */
export interface Fixed {
  duration: number;
  dt: number;
  tau: number;
  rectified: boolean;
  gains: number[];
  inhibitions: (number | null)[];
}

/** The traits that "Reset" sets, and that can be undone. */
export type Setting = keyof typeof PLAYER_DEFAULTS;

/** Traits whose change needs another simulation. */
export const SIMULATED = [
  "gain",
  "inhibition",
  "same",
  "stimulus_types",
  "stimulus_cells",
  "strength",
  "stimulus_times",
] as const satisfies readonly Setting[];
