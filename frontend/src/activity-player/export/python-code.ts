// The line of Python that recreates a player; ActivityPlayer.to_code writes the same.
import { PLAYER_DEFAULTS } from "../../shared/contract";
import { pythonCode } from "../../shared/python-code";
import type { Setting, State } from "../state";

/** Numbers and tuples as Python prints them: traits that are floats have a point. */
const FLOATS: ReadonlySet<Setting> = new Set([
  "gain",
  "inhibition",
  "strength",
  "stimulus_times",
  "speed",
]);

export function toPython(get: <K extends Setting | "code_arguments">(name: K) => State[K]): string {
  const keywords = (Object.keys(PLAYER_DEFAULTS) as Setting[]).flatMap((name) => {
    const value = get(name);
    const same = JSON.stringify(value) === JSON.stringify(PLAYER_DEFAULTS[name]);
    return same ? [] : [`${name}=${literal(name, value)}`];
  });
  return `mw.ActivityPlayer(${[get("code_arguments"), ...keywords].join(", ")})`;
}

function literal(name: Setting, value: unknown): string {
  if (FLOATS.has(name)) {
    if (Array.isArray(value)) return `(${value.map(float).join(", ")})`;
    return float(value as number);
  }
  // Root ids are strings here and numbers in Python.
  if (name === "cell") return String(value);
  if (name === "stimulus_cells") {
    const ids = value as string[];
    return `(${ids.join(", ")}${ids.length === 1 ? "," : ""})`;
  }
  return pythonCode(value);
}

function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
