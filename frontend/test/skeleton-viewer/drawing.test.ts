// Both renderers draw a cell of the sample: content of the pictures, and sharing of contexts.
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Camera, frameOf } from "../../src/skeleton-viewer/render/camera";
import { CanvasRenderer } from "../../src/skeleton-viewer/render/canvas-renderer";
import { type Color, paint, sizeRange } from "../../src/skeleton-viewer/render/colors";
import type { Economy, Renderer } from "../../src/skeleton-viewer/render/renderer";
import { WebglRenderer } from "../../src/skeleton-viewer/render/webgl-renderer";
import { load, state, until } from "./sample-cells";
import { show } from "./shown-viewer";

const [cell, bare] = await load();
const GREEN: Color = [0, 200, 0];
const by = {
  theme: "light",
  colorBy: "cell",
  directions: "none",
  synapseColor: "direction",
  hidden: [] as string[],
  world: state().world,
  sizes: sizeRange([cell]),
} as const;
const SIDE = 200;
const NORMAL = { scale: 1, opacity: 1 };

const renderers: [string, () => Renderer][] = [
  ["WebGL2", () => new WebglRenderer(document.createElement("canvas"))],
  ["a flat canvas", () => new CanvasRenderer(document.createElement("canvas"))],
];

/** The picture's pixels, RGBA from the top left. */
function draw(renderer: Renderer, of: Partial<Camera> = {}, economy: Economy = 0, marks = NORMAL) {
  const defaults: Camera = {
    view: "front",
    center: cell.soma?.um ?? [0, 0, 0],
    height: 60,
    yaw: 0,
    pitch: 0,
  };
  const frame = frameOf({ ...defaults, ...of }, SIDE, SIDE);
  renderer.draw({ frame, ratio: 1, economy, background: [255, 255, 255], marks });
  const copy = new OffscreenCanvas(SIDE, SIDE).getContext(
    "2d",
  ) as OffscreenCanvasRenderingContext2D;
  copy.drawImage(renderer.canvas, 0, 0);
  return copy.getImageData(0, 0, SIDE, SIDE).data;
}

const isGreen = (data: Uint8ClampedArray, i: number) =>
  (data[i + 1] as number) > 60 && (data[i] as number) < 60 && (data[i + 2] as number) < 60;

function greenIn(data: Uint8ClampedArray): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (isGreen(data, i)) count++;
  return count;
}

describe.each(renderers)("%s", (_, make) => {
  let renderer: Renderer;
  afterEach(() => renderer.destroy());

  test.each([0, 1, 3] as const)("draws the soma at its position and size (%i)", (economy) => {
    renderer = make();
    renderer.setCells([cell], [paint(cell, GREEN, by)]);
    const data = draw(renderer, {}, economy);
    // 60 um are 200 pixels: a row through the middle is green across the soma.
    const row = 4 * SIDE * (SIDE / 2);
    const radius = ((cell.soma?.radius ?? 0) * SIDE) / 60;
    for (const off of [-0.8, -0.4, 0, 0.4, 0.8]) {
      expect(isGreen(data, row + 4 * Math.round(SIDE / 2 + off * radius))).toBe(true);
    }
  });

  test("draws the whole extent of a skeleton in each view", () => {
    renderer = make();
    renderer.setCells([cell], [paint(cell, GREEN, by)]);
    const center = cell.box.low.map(
      (v, k) => (v + (cell.box.high[k] ?? 0)) / 2,
    ) as Camera["center"];
    for (const view of ["perspective", "front", "side", "top"] as const) {
      expect(greenIn(draw(renderer, { view, center, height: 1200 }))).toBeGreaterThan(100);
    }
  });

  test("draws only synapses that are shown", () => {
    renderer = make();
    const inkedPixels = (by: object) => {
      const painted = paint(bare, GREEN, { ...defaults, ...by });
      renderer.setCells([bare], [painted]);
      const height = 2.4 * Math.max(...bare.box.high.map((v, k) => v - (bare.box.low[k] ?? 0)));
      const data = draw(renderer, { center: bare.soma?.um ?? [0, 0, 0], height });
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (!isGreen(data, i) && (data[i + 1] as number) < 200) count++;
      }
      return count;
    };
    const defaults = { ...by, directions: "both" as const };
    expect(inkedPixels({})).toBeGreaterThan(20);
    expect(inkedPixels({ directions: "none" })).toBe(0);
    expect(inkedPixels({ hidden: bare.synapses.type.labels })).toBe(0);
  });

  /** Red pixels of a single synapse, as x and y from the top left. */
  function redPixels(
    output: boolean,
    height: number,
    marks = NORMAL,
    economy: Economy = 0,
  ): [number, number][] {
    renderer = make();
    const { direction, um } = cell.synapses;
    const code = direction.labels.indexOf(output ? "output" : "input");
    const index = [...direction.codes].indexOf(code);
    const only = new Uint8Array(4 * cell.synapses.n);
    only.set([255, 0, 0, 128], 4 * index);
    const painted = { ...paint(cell, GREEN, by), synapses: only };
    renderer.setCells([cell], [painted]);
    const center = [...um.subarray(3 * index, 3 * index + 3)] as Camera["center"];
    const data = draw(renderer, { center, height }, economy, marks);
    const found: [number, number][] = [];
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue] = [data[i], data[i + 1], data[i + 2]] as [number, number, number];
      if (red > 150 && green < 130 && blue < 130) {
        const pixel = i / 4;
        found.push([pixel % SIDE, Math.floor(pixel / SIDE)]);
      }
    }
    return found;
  }
  const across = (pixels: [number, number][], k: 0 | 1) => {
    const places = pixels.map((pixel) => pixel[k]);
    return Math.max(...places) - Math.min(...places) + 1;
  };

  test("a synapse is at least 4 pixels across in a view of the whole cell", () => {
    for (const output of [false, true]) {
      const pixels = redPixels(output, 2000);
      for (const k of [0, 1] as const) expect(across(pixels, k)).toBeGreaterThanOrEqual(4);
      expect(pixels.length).toBeGreaterThanOrEqual(12);
      renderer.destroy();
    }
    renderer = make();
  });

  test("no synapse becomes larger while the picture moves", () => {
    for (const output of [false, true]) {
      const [still, moving] = ([0, 1] as const).map((economy) => {
        const pixels = redPixels(output, 2000, NORMAL, economy);
        renderer.destroy();
        return pixels.length;
      });
      // The border of a synapse at rest is not counted.
      expect(moving).toBeLessThan(1.3 * (still as number));
      expect(moving).toBeGreaterThan(0.5 * (still as number));
    }
    renderer = make();
  });

  test("an output is a triangle, broad at its base, and an input a disk", () => {
    /** Width of the two lowest rows, relative to the two uppermost. */
    const base = (pixels: [number, number][]) => {
      const rows = [...new Set(pixels.map(([, y]) => y))].sort((a, b) => a - b);
      const within = (some: number[]) => pixels.filter(([, y]) => some.includes(y)).length;
      return within(rows.slice(-2)) / within(rows.slice(0, 2));
    };
    expect(base(redPixels(true, 2000))).toBeGreaterThanOrEqual(1.5);
    renderer.destroy();
    const disk = base(redPixels(false, 2000));
    expect(disk).toBeGreaterThan(0.7);
    expect(disk).toBeLessThan(1.35);
  });

  test("synapses have the size and the opacity that were chosen", () => {
    const large = redPixels(false, 2000, { scale: 2, opacity: 1 });
    expect(across(large, 0)).toBeGreaterThanOrEqual(8);
    renderer.destroy();
    // On white, red that is half transparent is pink.
    expect(redPixels(false, 2000, { scale: 2, opacity: 0.4 })).toEqual([]);
  });

  test("accepts new colours of the same cells", () => {
    renderer = make();
    renderer.setCells([cell], [paint(cell, GREEN, by)]);
    expect(greenIn(draw(renderer))).toBeGreaterThan(100);
    renderer.setCells([cell], [paint(cell, [200, 0, 0], by)]);
    expect(greenIn(draw(renderer))).toBe(0);
    renderer.setCells([], []);
    expect([...new Set(draw(renderer))]).toEqual([255]);
  });
});

describe("contexts", () => {
  afterEach(() => vi.restoreAllMocks());

  test("thirty viewers on a page keep their pictures, and the browser drops no context", async () => {
    const lost = vi.fn();
    const get = HTMLCanvasElement.prototype.getContext;
    const spy = vi.spyOn(HTMLCanvasElement.prototype, "getContext");
    spy.mockImplementation(function (this: HTMLCanvasElement, ...args: unknown[]) {
      // A released context is no longer on the page; one that the browser drops is.
      this.addEventListener("webglcontextlost", () => this.isConnected && lost());
      return get.apply(this, args as never) as never;
    });
    const viewers = await Promise.all(Array.from({ length: 30 }, () => show({}, 320)));
    onTestFinished(() => {
      for (const { end } of viewers) end();
    });
    for (const { el, stage } of viewers) {
      stage.scrollIntoView();
      await until(() => {
        expect(el.textContent).toMatch(/of cable/);
        expect(stage.querySelector("canvas:not(.skv-picture)")).not.toBeNull();
      });
    }
    const drawing = document.querySelectorAll(".skv-stage > canvas:not(.skv-picture)").length;
    expect(drawing).toBeLessThanOrEqual(8);
    expect(lost).not.toHaveBeenCalled();
    let stills = 0;
    for (const { stage } of viewers) {
      const still = stage.querySelector<HTMLCanvasElement>(".skv-picture:not([hidden])");
      if (!still) continue;
      stills++;
      expect(inkIn(still)).toBeGreaterThan(50);
    }
    expect(stills).toBeGreaterThanOrEqual(22);
  }, 120_000);

  test("a lost context leaves a still picture and a notice, and the viewer continues", async () => {
    const camera = { ...state().camera, center: null, height: null, yaw: 40, pitch: 5 };
    const { stage, model, find, end } = await show({ camera });
    onTestFinished(end);
    const drawing = () => stage.querySelector<HTMLCanvasElement>("canvas:not(.skv-picture)");
    const lose = () =>
      drawing()?.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
    // The first loss is repaired so soon that a busy machine might not look in between.
    const gone = () =>
      new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (drawing()) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(stage, { childList: true });
      });
    await until(() => expect(find(".skv-summary").textContent).toMatch(/of cable/));
    await until(() => expect(drawing()).not.toBeNull());
    for (const again of [false, true]) {
      const isGone = gone();
      lose();
      // On a busy machine the browser sometimes forgets that it was asked to.
      const losing = setInterval(lose, 2000);
      await isGone;
      clearInterval(losing);
      expect(find(".skv-lost").hidden).toBe(false);
      expect(find<HTMLCanvasElement>(".skv-picture").hidden).toBe(false);
      expect(inkIn(find<HTMLCanvasElement>(".skv-picture"))).toBeGreaterThan(50);
      // A first loss is repaired at once, a second one when the viewer is used.
      if (again) {
        await new Promise((resolve) => setTimeout(resolve, 600));
        expect(drawing()).toBeNull();
        model.set("synapses", "inputs");
      }
      await until(() => expect(drawing()?.getContext("webgl2")?.isContextLost()).toBe(false));
      expect(find(".skv-lost").hidden).toBe(true);
    }
    expect(model.get("camera")).toEqual(camera);
  });

  test("without WebGL2 a 2D canvas shows the same cells", async () => {
    const get = HTMLCanvasElement.prototype.getContext;
    const spy = vi.spyOn(HTMLCanvasElement.prototype, "getContext");
    spy.mockImplementation(function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
      return kind === "webgl2" ? null : (get.call(this, kind as "2d", ...(more as [])) as never);
    });
    const { stage, end } = await show();
    onTestFinished(end);
    await until(() => {
      const canvas = stage.querySelector<HTMLCanvasElement>("canvas:not(.skv-picture)");
      expect(canvas ? inkIn(canvas) : 0).toBeGreaterThan(50);
    });
  });
});

/** Number of pixels of a picture that are not background. */
function inkIn(canvas: HTMLCanvasElement): number {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext(
    "2d",
  ) as OffscreenCanvasRenderingContext2D;
  copy.drawImage(canvas, 0, 0);
  const pixels = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
  return pixels.filter((pixel) => pixel !== pixels[0]).length;
}
