import { describe, expect, test } from "vitest";
import { CAMERA_VIEWS } from "../../src/shared/contract";
import {
  type Camera,
  type CameraState,
  fit,
  frameOf,
  matrix,
  moved,
  pixelScale,
  project,
  turned,
  zoomed,
} from "../../src/skeleton-viewer/render/camera";

const camera: Camera = { view: "front", center: [500, 300, 800], height: 400, yaw: -30, pitch: 15 };
const views = CAMERA_VIEWS.map((view) => ({ ...camera, view }));

/** Where the matrix puts a point, in CSS pixels. */
function throughMatrix(of: Camera, point: number[]) {
  const frame = frameOf(of, 600, 400);
  const m = matrix(frame, 1000);
  const clip = [0, 1, 2, 3].map((row) =>
    [...point, 1].reduce((sum, value, k) => sum + (m[4 * k + row] as number) * value, 0),
  ) as [number, number, number, number];
  const [x, y, z, w] = clip;
  return { x: 300 * (1 + x / w), y: 200 * (1 - y / w), scale: pixelScale(frame) / w, z: z / w };
}

describe("a view", () => {
  test.each([
    ["front", [510, 300, 800], [315, 200]],
    ["front", [500, 310, 800], [300, 215]],
    ["side", [500, 300, 810], [315, 200]],
    ["side", [500, 310, 800], [300, 215]],
    ["top", [510, 300, 800], [315, 200]],
    ["top", [500, 300, 810], [300, 185]],
  ] as const)("%s puts %o at %o: across as in Python's figures, pia up", (view, point, place) => {
    const frame = frameOf({ ...camera, view, height: 400 / 1.5 }, 600, 400);
    const { x, y } = project(frame, ...(point as [number, number, number]));
    expect([x, y]).toEqual(place.map((value) => expect.closeTo(value, 6)));
  });

  test.each(views)("$view: WebGL's matrix and the page's arithmetic agree", (of) => {
    for (const point of [
      [500, 300, 800],
      [420, 380, 700],
      [610, 150, 930],
    ] as [number, number, number][]) {
      const { x, y, scale } = project(frameOf(of, 600, 400), ...point);
      const drawn = throughMatrix(of, point);
      expect(drawn.x).toBeCloseTo(x, 2);
      expect(drawn.y).toBeCloseTo(y, 2);
      expect(drawn.scale).toBeCloseTo(scale, 4);
      expect(Math.abs(drawn.z)).toBeLessThan(1);
    }
  });

  test.each(views)("$view: nearer points cover those behind them", (of) => {
    const { forward } = frameOf(of, 600, 400);
    const along = (um: number) => camera.center.map((value, k) => value + um * (forward[k] ?? 0));
    expect(throughMatrix(of, along(-50)).z).toBeLessThan(throughMatrix(of, along(50)).z);
  });
});

describe("a camera", () => {
  const points = Float32Array.from([400, 0, 700, 600, 500, 900, 520, 40, 1000]);

  test.each(views)("$view: fits all points, and wastes little space", ({ view }) => {
    const state: CameraState = { ...camera, view, center: null, height: null };
    const frame = frameOf(fit(state, [points], 1.5), 600, 400);
    const placed = [0, 3, 6].map((i) =>
      project(frame, ...([...points.slice(i, i + 3)] as [number, number, number])),
    );
    for (const { x, y } of placed) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(600);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(400);
    }
    const used = placed.flatMap(({ x, y }) => [Math.abs(x - 300) / 300, Math.abs(y - 200) / 200]);
    expect(Math.max(...used)).toBeGreaterThan(0.85);
  });

  test("has a default where there are no points", () => {
    expect(fit(camera, [], 1).height).toBeGreaterThan(0);
  });

  test.each(views)("$view: what is dragged stays under the pointer", (of) => {
    const frame = frameOf(of, 600, 400);
    const { x, y } = project(frameOf(moved(frame, 37, -21), 600, 400), ...camera.center);
    expect([x, y]).toEqual([expect.closeTo(337, 6), expect.closeTo(179, 6)]);
  });

  test.each(views)("$view: the point under the wheel stays there", (of) => {
    const frame = frameOf(of, 600, 400);
    const point = moved(frame, -120, 60).center;
    const before = project(frame, ...point);
    const after = project(frameOf(zoomed(frame, 2, before.x, before.y), 600, 400), ...point);
    expect([after.x, after.y]).toEqual([expect.closeTo(before.x, 6), expect.closeTo(before.y, 6)]);
    expect(after.scale).toBeCloseTo(2 * before.scale, 6);
  });

  test("rotates by half a turn over the picture's width, and never upside down", () => {
    const frame = frameOf({ ...camera, view: "perspective", yaw: 0, pitch: 0 }, 600, 400);
    expect(turned(frame, 300, 0).yaw).toBeCloseTo(90);
    expect(turned(frame, 1200, 0).yaw).toBeCloseTo(0);
    expect(turned(frame, 0, 900).pitch).toBe(90);
  });

  test("has limits of zoom", () => {
    const frame = frameOf(camera, 600, 400);
    expect(zoomed(frame, 1e9, 0, 0).height).toBe(1);
    expect(zoomed(frame, 1e-9, 0, 0).height).toBe(20_000);
  });
});
