// The picture: has a renderer while it is on the screen, and a still picture otherwise.
import { h } from "../../shared/dom";
import type { Cell } from "../data/cell";
import { type Camera, type Frame, frameOf } from "../render/camera";
import { CanvasRenderer } from "../render/canvas-renderer";
import type { Color, Paint } from "../render/colors";
import type { Economy, Renderer } from "../render/renderer";
import { holdContext, releaseContext } from "../render/webgl-contexts";
import { WebglRenderer } from "../render/webgl-renderer";

/** Milliseconds without a change until the picture is drawn in full detail. */
const REST = 150;
// A moving picture that is slower than this leaves out more detail, a faster one less.
const SLOW_MS = 50;
const FAST_MS = 22;
/** If a detailed picture takes longer than this, each change shows a quick one first. */
const SLOW_PICTURE_MS = 40;
/** Most device pixels per side: the limit of software rendering and old graphics cards. */
const MOST_PIXELS = 8192;

export class StageView {
  readonly el = h("div", { class: "skv-stage", tabindex: 0 });
  /** Called after each picture. */
  onDraw: (frame: Frame) => void = () => {};
  /** Called when a movement has come to rest. */
  onRest: () => void = () => {};
  background: Color = [255, 255, 255];
  readonly #picture = h("canvas", { class: "skv-picture", "aria-hidden": "true" });
  readonly #observers: { disconnect(): void }[];
  #renderer: Renderer | null = null;
  #cells: readonly Cell[] = [];
  #paints: readonly Paint[] = [];
  #camera: Camera | null = null;
  #visible = false;
  #moving = false;
  // True until the first detailed picture has been timed.
  #slow = true;
  #economy: Economy = 1;
  #lastFrame = 0;
  #slowness = 0;
  #request = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor() {
    this.el.append(this.#picture);
    const sight = new IntersectionObserver(
      ([...entries]) => {
        this.#visible = entries.at(-1)?.isIntersecting ?? false;
        if (this.#visible) this.redraw();
        else this.sleep();
      },
      { rootMargin: "100px" },
    );
    const size = new ResizeObserver(() => this.redraw());
    sight.observe(this.el);
    size.observe(this.el);
    this.#observers = [sight, size];
  }

  /** The kind of renderer in use; null while only a still picture is shown. */
  get kind(): Renderer["kind"] | null {
    return this.#renderer?.kind ?? null;
  }

  get frame(): Frame | null {
    const { clientWidth: width, clientHeight: height } = this.el;
    if (!this.#camera || width === 0 || height === 0) return null;
    return frameOf(this.#camera, width, height);
  }

  get aspect(): number {
    return this.el.clientWidth / Math.max(this.el.clientHeight, 1) || 1;
  }

  setCells(cells: readonly Cell[], paints: readonly Paint[]): void {
    [this.#cells, this.#paints] = [cells, paints];
    this.#renderer?.setCells(cells, paints);
    this.#change();
  }

  /** Moves the camera; `moving` says that more movement will follow. */
  look(camera: Camera, moving = false): void {
    this.#camera = camera;
    this.#change(moving);
  }

  redraw(): void {
    if (this.#ended || !this.#visible) return;
    this.#request ||= requestAnimationFrame((now) => {
      this.#request = 0;
      this.#draw(now);
    });
  }

  /** Releases the WebGL context and leaves a still picture. */
  sleep(): void {
    releaseContext(this);
    const renderer = this.#renderer;
    if (!renderer) return;
    const frame = this.frame;
    if (frame) {
      this.#paintInto(renderer, this.#picture, frame, devicePixelRatio);
      this.#picture.hidden = false;
    }
    this.#renderer = null;
    renderer.canvas.remove();
    renderer.destroy();
  }

  /** A copy of the picture, with `ratio` device pixels per CSS pixel. */
  snapshot(ratio: number): HTMLCanvasElement | null {
    const frame = this.frame;
    if (!frame) return null;
    const most = MOST_PIXELS / Math.max(frame.width, frame.height);
    const canvas = h("canvas");
    this.#paintInto(this.#wake(), canvas, frame, Math.min(ratio, most));
    this.redraw();
    return canvas;
  }

  destroy(): void {
    this.#ended = true;
    clearTimeout(this.#rest);
    cancelAnimationFrame(this.#request);
    for (const observer of this.#observers) observer.disconnect();
    releaseContext(this);
    this.#renderer?.destroy();
    this.#renderer = null;
  }

  #change(moving = this.#slow): void {
    if (moving) {
      if (!this.#moving) this.#lastFrame = 0;
      this.#moving = true;
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => this.#comeToRest(), REST);
    }
    this.redraw();
  }

  #draw(now: number): void {
    const frame = this.frame;
    if (!frame) return;
    const renderer = this.#wake();
    if (this.#moving) this.#adapt(now);
    this.el.classList.toggle("skv-moving", this.#moving);
    this.el.classList.toggle("skv-simplified", this.#moving && this.#economy > 1);
    const economy = this.#moving ? this.#economy : 0;
    const ratio = economy === 0 ? Math.min(devicePixelRatio, 2) : economy === 3 ? 0.75 : 1;
    const began = performance.now();
    renderer.draw({ frame, ratio, economy, background: this.background });
    if (economy === 0) {
      renderer.wait();
      this.#slow = performance.now() - began > SLOW_PICTURE_MS;
    }
    this.#picture.hidden = true;
    this.onDraw(frame);
  }

  #adapt(now: number): void {
    const elapsed = this.#lastFrame > 0 ? now - this.#lastFrame : 0;
    this.#lastFrame = now;
    // A pause in the movement is not a slow picture.
    if (elapsed === 0 || elapsed > 500) return;
    this.#slowness += elapsed > SLOW_MS ? 1 : elapsed < FAST_MS ? -0.2 : 0;
    if (Math.abs(this.#slowness) < 3) return;
    this.#economy = Math.max(1, Math.min(3, this.#economy + Math.sign(this.#slowness))) as Economy;
    this.#slowness = 0;
  }

  #comeToRest(): void {
    this.#moving = false;
    this.redraw();
    this.onRest();
  }

  #wake(): Renderer {
    if (this.#renderer?.kind === "webgl2") holdContext(this);
    if (this.#renderer) return this.#renderer;
    const created = this.#make();
    created.setCells(this.#cells, this.#paints);
    created.canvas.setAttribute("aria-hidden", "true");
    this.#picture.after(created.canvas);
    this.#renderer = created;
    if (created.kind === "webgl2") holdContext(this);
    return created;
  }

  #make(): Renderer {
    try {
      const canvas = h("canvas");
      canvas.addEventListener("webglcontextlost", (event) => {
        event.preventDefault();
        if (this.#renderer?.canvas !== canvas) return;
        // The browser dropped the context: start again with a new one.
        releaseContext(this);
        canvas.remove();
        this.#renderer = null;
        this.redraw();
      });
      return new WebglRenderer(canvas);
    } catch {
      // No WebGL2, for whatever reason: a 2D canvas shows the same, more slowly.
      return new CanvasRenderer(h("canvas"));
    }
  }

  #paintInto(renderer: Renderer, canvas: HTMLCanvasElement, frame: Frame, ratio: number): void {
    renderer.draw({ frame, ratio, economy: 0, background: this.background });
    canvas.width = renderer.canvas.width;
    canvas.height = renderer.canvas.height;
    canvas.getContext("2d")?.drawImage(renderer.canvas, 0, 0);
  }
}
