// The line of Python that reproduces a view.
import type { State } from "../state";

/** The line of Python that reproduces this view; SkeletonViewer.to_code writes the same. */
export function toPython(get: <K extends keyof State>(name: K) => State[K]): string {
  const cells = get("cells");
  const parts = [`cells=[${cells.join(", ")}]`];
  const add = (name: string, value: string, initial: string) => {
    if (value !== initial) parts.push(`${name}=${value}`);
  };
  const text = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const number = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  add("color_by", text(get("color_by")), cells.length > 1 ? "'cell'" : "'compartment'");
  add("synapses", text(get("synapses")), "'both'");
  add("synapse_color", text(get("synapse_color")), "'direction'");
  add("hidden_types", `[${get("hidden_types").map(text).join(", ")}]`, "[]");
  const { view, center, height, yaw, pitch } = get("camera");
  const camera = [
    `'view': ${text(view)}`,
    `'center': ${center ? `[${center.map(number).join(", ")}]` : "None"}`,
    `'height': ${height === null ? "None" : number(height)}`,
    `'yaw': ${number(yaw)}`,
    `'pitch': ${number(pitch)}`,
  ];
  add("camera", `{${camera.join(", ")}}`, DEFAULT_CAMERA);
  add("partner", String(get("partner")), "null");
  return `mw.SkeletonViewer(con, ${parts.join(", ")})`;
}

const DEFAULT_CAMERA =
  "{'view': 'perspective', 'center': None, 'height': None, 'yaw': -30.0, 'pitch': 15.0}";
