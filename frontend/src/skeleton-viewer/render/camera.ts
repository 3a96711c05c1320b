// The camera. Coordinates are cortical um: x, depth (downwards), z.
import type { CAMERA_VIEWS } from "../../shared/contract";
import { dot, type Vector } from "../data/vector";

export type View = (typeof CAMERA_VIEWS)[number];

/** The camera as the trait holds it; center or height null: chosen to fit the cells. */
export interface CameraState {
  view: View;
  center: Vector | null;
  height: number | null;
  yaw: number;
  pitch: number;
}

export interface Camera extends CameraState {
  center: Vector;
  height: number;
}

/** A camera and the picture's size: all that a projection needs. */
export interface Frame {
  camera: Camera;
  /** Of the picture, in CSS pixels. */
  width: number;
  height: number;
  right: Vector;
  up: Vector;
  forward: Vector;
  /** From the eye to the center, in um; 0 for an orthographic view. */
  distance: number;
}

/** A projected point: CSS pixels, pixels per um at that point, um behind the center. */
export interface Projected {
  x: number;
  y: number;
  scale: number;
  behind: number;
}

// The vertical field of view is 30 degrees, as with a long lens.
const TANGENT = Math.tan(Math.PI / 12);
const ANGLES: Record<Exclude<View, "perspective">, [number, number]> = {
  front: [0, 0],
  side: [90, 0],
  top: [0, 90],
};
const STEEPEST = 90;
const SMALLEST_HEIGHT = 1;
const LARGEST_HEIGHT = 20_000;
const MARGIN = 1.1;

/** Axes of the picture: the front view has x to the right and the pia up, as Python's figures. */
export function axes({ view, yaw, pitch }: CameraState): Pick<Frame, "right" | "up" | "forward"> {
  const [y, p] = view === "perspective" ? [yaw, pitch] : ANGLES[view];
  const [sinYaw, cosYaw] = [Math.sin((y * Math.PI) / 180), Math.cos((y * Math.PI) / 180)];
  const [sin, cos] = [Math.sin((p * Math.PI) / 180), Math.cos((p * Math.PI) / 180)];
  return {
    right: [cosYaw, 0, sinYaw],
    up: [-sinYaw * sin, -cos, cosYaw * sin],
    forward: [-sinYaw * cos, sin, cosYaw * cos],
  };
}

export function frameOf(camera: Camera, width: number, height: number): Frame {
  const distance = camera.view === "perspective" ? camera.height / (2 * TANGENT) : 0;
  return { camera, width, height, ...axes(camera), distance };
}

/** Projects a point into the picture; a point that is not in front of the eye has scale 0. */
export function project(frame: Frame, x: number, y: number, z: number): Projected {
  const { center, height } = frame.camera;
  const from: Vector = [x - center[0], y - center[1], z - center[2]];
  const behind = dot(from, frame.forward);
  const flat = frame.height / height;
  const before = frame.distance + behind;
  const scale = frame.distance === 0 ? flat : before > 0 ? (flat * frame.distance) / before : 0;
  return {
    x: frame.width / 2 + dot(from, frame.right) * scale,
    y: frame.height / 2 - dot(from, frame.up) * scale,
    scale,
    behind,
  };
}

/** The projection matrix for WebGL, column by column; `radius` (um) bounds what is drawn. */
export function matrix(frame: Frame, radius: number): Float32Array {
  const { center, height } = frame.camera;
  const { right, up, forward, distance } = frame;
  const aspect = frame.width / frame.height;
  const flat = distance === 0;
  const across = flat ? 2 / (height * aspect) : 1 / (TANGENT * aspect);
  const upward = flat ? 2 / height : 1 / TANGENT;
  const near = Math.max(distance - radius, distance * 0.02);
  const far = Math.max(distance + radius, near * 1.01);
  // Depth in clip space is deep * (um behind the center) + offset.
  const deep = flat ? 1 / radius : (far + near) / (far - near);
  const offset = flat ? 0 : distance * deep - (2 * far * near) / (far - near);
  const rows: [Vector, number, number][] = [
    [right, across, 0],
    [up, upward, 0],
    [forward, deep, offset],
    flat ? [[0, 0, 0], 1, 1] : [forward, 1, distance],
  ];
  const values = new Float32Array(16);
  rows.forEach(([direction, factor, add], row) => {
    for (const column of [0, 1, 2] as const) values[4 * column + row] = factor * direction[column];
    values[12 + row] = add - factor * dot(direction, center);
  });
  return values;
}

/** Divided by w of clip space, this gives pixels per um. */
export function pixelScale(frame: Frame): number {
  return frame.distance === 0 ? frame.height / frame.camera.height : frame.height / (2 * TANGENT);
}

/** The camera that fits all points, whatever its center and height were. */
export function fit(state: CameraState, points: readonly Float32Array[], aspect: number): Camera {
  const { right, up, forward } = axes(state);
  const low: Vector = [Infinity, Infinity, Infinity];
  const high: Vector = [-Infinity, -Infinity, -Infinity];
  const each = (use: (along: Vector) => void) => {
    for (const list of points) {
      for (let i = 0; i < list.length; i += 3) {
        const point = [list[i], list[i + 1], list[i + 2]] as Vector;
        use([dot(point, right), dot(point, up), dot(point, forward)]);
      }
    }
  };
  each((along) => {
    for (const k of [0, 1, 2] as const) {
      low[k] = Math.min(low[k], along[k]);
      high[k] = Math.max(high[k], along[k]);
    }
  });
  if (low[0] > high[0]) return { ...state, center: [0, 0, 0], height: 1000 };
  const middle = low.map((value, k) => (value + (high[k] as number)) / 2) as Vector;
  const tangent = state.view === "perspective" ? TANGENT : 0;
  let height = 10;
  each((along) => {
    const behind = (along[2] - middle[2]) * tangent;
    const above = Math.abs(along[1] - middle[1]);
    const across = Math.abs(along[0] - middle[0]) / aspect;
    height = Math.max(height, 2 * (Math.max(above, across) - behind));
  });
  const center = [0, 1, 2].map(
    (k) =>
      (right[k] as number) * middle[0] +
      (up[k] as number) * middle[1] +
      (forward[k] as number) * middle[2],
  ) as Vector;
  return { ...state, center, height: height * MARGIN };
}

/** Rotates by a drag in pixels; the picture's width is half a turn. */
export function turned(frame: Frame, dx: number, dy: number): Camera {
  const { camera } = frame;
  const degrees = 180 / Math.max(frame.width, 1);
  const yaw = ((((camera.yaw + dx * degrees + 180) % 360) + 360) % 360) - 180;
  const pitch = Math.max(-STEEPEST, Math.min(STEEPEST, camera.pitch + dy * degrees));
  return { ...camera, yaw, pitch };
}

/** Pans by pixels. */
export function moved(frame: Frame, dx: number, dy: number): Camera {
  const um = frame.camera.height / frame.height;
  const center = frame.camera.center.map(
    (value, k) => value - um * (dx * (frame.right[k] as number) - dy * (frame.up[k] as number)),
  ) as Vector;
  return { ...frame.camera, center };
}

/** Zooms by a factor; the point at (x, y) in the plane of the center stays where it is. */
export function zoomed(frame: Frame, factor: number, x: number, y: number): Camera {
  const target = frame.camera.height / factor;
  const height = Math.max(SMALLEST_HEIGHT, Math.min(LARGEST_HEIGHT, target));
  const shift = 1 - height / frame.camera.height;
  const toward = moved(frame, (frame.width / 2 - x) * shift, (frame.height / 2 - y) * shift);
  return { ...toward, height };
}
