// The camera that fits the cells, and the camera as it is saved.
import type { Cell } from "../data/cell";
import type { Vector } from "../data/vector";
import {
  type Camera,
  type CameraState,
  type Frame,
  fit,
  type Projected,
  project,
} from "../render/camera";

/** The camera with center and height; if they are null, chosen to fit the cells. */
export function fitted(camera: CameraState, cells: readonly Cell[], aspect: number): Camera {
  const { center, height } = camera;
  if (center && height) return { ...camera, center, height };
  const points = cells.flatMap(({ tree, synapses, soma }) => [
    tree?.um ?? synapses.um,
    Float32Array.from(soma?.um ?? []),
  ]);
  const whole = fit(camera, points, aspect);
  return { ...whole, ...(center && { center }), ...(height && { height }) };
}

/** Whether a soma is within the picture, or there is none. */
export function showsSoma(frame: Frame, cells: readonly Cell[]): boolean {
  const somata = cells.flatMap(({ soma }) => (soma ? project(frame, ...soma.um) : []));
  const inside = ({ x, y, scale }: Projected) =>
    scale > 0 && x >= 0 && y >= 0 && x <= frame.width && y <= frame.height;
  return somata.length === 0 || somata.some(inside);
}

/** The camera with as many digits as are worth saving. */
export function rounded({ view, center, height, yaw, pitch }: CameraState): CameraState {
  const round = (value: number) => Number(value.toFixed(2));
  return {
    view,
    center: center && (center.map(round) as Vector),
    height: height && round(height),
    yaw: round(yaw),
    pitch: round(pitch),
  };
}
