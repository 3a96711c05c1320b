// The line of Python that reproduces a view.
import { DEFAULT_CAMERA, VIEWER_CHOICES } from "../../shared/contract";
import { textCode } from "../../shared/python-code";
import type { CameraState } from "../render/camera";
import type { State } from "../state";

/** The line of Python that reproduces this view; SkeletonViewer.to_code writes the same. */
export function toPython(get: <K extends keyof State>(name: K) => State[K]): string {
  const cells = get("cells");
  const parts = [`cells=[${cells.join(", ")}]`];
  const add = (name: string, value: string, initial: string) => {
    if (value !== initial) parts.push(`${name}=${value}`);
  };
  const { color_by, synapses, synapse_color } = VIEWER_CHOICES;
  add("color_by", textCode(get("color_by")), textCode(color_by[0]));
  add("synapses", textCode(get("synapses")), textCode(synapses[0]));
  add("synapse_color", textCode(get("synapse_color")), textCode(synapse_color[0]));
  add("synapse_scale", number(get("synapse_scale") ?? 1), "1.0");
  add("synapse_opacity", number(get("synapse_opacity") ?? 1), "1.0");
  add("hidden_types", `[${get("hidden_types").map(textCode).join(", ")}]`, "[]");
  add("camera", camera(get("camera")), camera(DEFAULT_CAMERA));
  add("partner", String(get("partner")), "null");
  return `mw.SkeletonViewer(con, ${parts.join(", ")})`;
}

function number(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function camera({ view, center, height, yaw, pitch }: CameraState): string {
  const items = [
    `"view": ${textCode(view)}`,
    `"center": ${center ? `[${center.map(number).join(", ")}]` : "None"}`,
    `"height": ${height === null ? "None" : number(height)}`,
    `"yaw": ${number(yaw)}`,
    `"pitch": ${number(pitch)}`,
  ];
  return `{${items.join(", ")}}`;
}
