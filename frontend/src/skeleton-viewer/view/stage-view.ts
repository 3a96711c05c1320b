// The picture: has a renderer while it is on the screen, and a still picture otherwise.
import { h } from "../../shared/dom";
import type { Cell } from "../data/cell";
import { type Camera, type Frame, frameOf } from "../render/camera";
import { CanvasRenderer } from "../render/canvas-renderer";
import type { Color, Paint } from "../render/colors";
import type { Economy, Marks, Renderer } from "../render/renderer";
import { holdContext, releaseContext } from "../render/webgl-contexts";
import { WebglRenderer } from "../render/webgl-renderer";

/** Milliseconds without a change until the picture is drawn in full detail. */
const REST = 150;
// A moving picture that is slower than this leaves out more detail, a faster one less.
const SLOW_MS = 50;
const FAST_MS = 22;
/** If a detailed picture takes longer than this, each change shows a quick one first. */
const SLOW_PICTURE_MS = 40;
/** A context lost again within this time is replaced only once the viewer is used or seen again. */
const LOST_AGAIN_MS = 5000;
const RETRY_MS = 300;
const LOST =
  "The browser has stopped this 3D picture to save graphics memory. Move the picture to continue.";
/** Most device pixels per side: the limit of software rendering and old graphics cards. */
const MOST_PIXELS = 8192;

export class StageView {
  readonly el = h("div", {
    class: "skv-stage",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "picture of cells",
    "aria-label": "Cells and their synapses",
  });
  /** Called after each picture. */
  onDraw: (frame: Frame) => void = () => {};
  /** Called when a movement has come to rest. */
  onRest: () => void = () => {};
  background: Color = [255, 255, 255];
  marks: Marks = { scale: 1, opacity: 1 };
  readonly #picture = h("canvas", { class: "skv-picture", "aria-hidden": "true" });
  readonly #lostNote = h("p", { class: "skv-lost", role: "status", hidden: true }, LOST);
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
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lostAt = Number.NEGATIVE_INFINITY;
  #ended = false;

  constructor() {
    this.el.append(this.#picture, this.#lostNote);
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
    this.#ask(true);
  }

  /** Releases the WebGL context and leaves a still picture. */
  sleep(): void {
    releaseContext(this);
    const renderer = this.#renderer;
    if (!renderer) return;
    if (renderer.lost) this.#paintStill();
    else if (this.frame) {
      this.#paintInto(renderer, this.#picture, this.frame, devicePixelRatio);
      this.#picture.hidden = false;
    }
    this.#drop(renderer);
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
    clearTimeout(this.#retry);
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

  // JupyterLab hides the page while it changes the theme, and shows it again so soon that no
  // observer notices: if there is no space for a picture, the next frame looks once more.
  #ask(again: boolean): void {
    if (this.#ended || !this.#visible) return;
    this.#request ||= requestAnimationFrame((now) => {
      this.#request = 0;
      const { frame } = this;
      if (frame) this.#draw(now, frame);
      else if (again) this.#ask(false);
    });
  }

  #draw(now: number, frame: Frame): void {
    const renderer = this.#wake();
    if (this.#moving) this.#adapt(now);
    this.el.classList.toggle("skv-moving", this.#moving);
    this.el.classList.toggle("skv-simplified", this.#moving && this.#economy > 1);
    const economy = this.#moving ? this.#economy : 0;
    const ratio = economy === 0 ? Math.min(devicePixelRatio, 2) : economy === 3 ? 0.75 : 1;
    const began = performance.now();
    renderer.draw({ frame, ratio, economy, background: this.background, marks: this.marks });
    if (economy === 0) {
      renderer.wait();
      this.#slow = performance.now() - began > SLOW_PICTURE_MS;
    }
    this.#picture.hidden = true;
    this.#lostNote.hidden = true;
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
    // A lost picture is restored only when the user acts.
    if (this.#lostNote.hidden) this.redraw();
    this.onRest();
  }

  #wake(): Renderer {
    if (this.#renderer?.lost) this.#drop(this.#renderer);
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
        // Asks the browser to report when it can draw again.
        if (this.#renderer?.canvas === canvas) event.preventDefault();
        this.#lose(canvas);
      });
      canvas.addEventListener("webglcontextrestored", () => {
        // A new context replaces the old one, which would otherwise count towards the limit.
        canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
        if (this.#renderer?.kind === "webgl2") return;
        if (this.#renderer) this.#drop(this.#renderer);
        this.redraw();
      });
      return new WebglRenderer(canvas);
    } catch {
      // No WebGL2, for whatever reason: a 2D canvas shows the same, more slowly.
      return new CanvasRenderer(h("canvas"));
    }
  }

  /** The browser dropped the context: shows a still picture, and continues when it can. */
  #lose(canvas: HTMLCanvasElement): void {
    const renderer = this.#renderer;
    if (renderer?.canvas !== canvas) return;
    this.#paintStill();
    this.#drop(renderer);
    this.#lostNote.hidden = false;
    const now = performance.now();
    // On a page with many pictures, each would take the context of another, endlessly.
    if (now - this.#lostAt > LOST_AGAIN_MS) {
      this.#retry = setTimeout(() => this.redraw(), RETRY_MS);
    }
    this.#lostAt = now;
  }

  #drop(renderer: Renderer): void {
    releaseContext(this);
    this.#renderer = null;
    renderer.canvas.remove();
    renderer.destroy();
  }

  /** Draws the still picture, without WebGL. */
  #paintStill(): void {
    const frame = this.frame;
    if (!frame) return;
    const still = new CanvasRenderer(this.#picture);
    still.setCells(this.#cells, this.#paints);
    still.draw({
      frame,
      ratio: devicePixelRatio,
      economy: 1,
      background: this.background,
      marks: this.marks,
    });
    this.#picture.hidden = false;
  }

  #paintInto(renderer: Renderer, canvas: HTMLCanvasElement, frame: Frame, ratio: number): void {
    renderer.draw({ frame, ratio, economy: 0, background: this.background, marks: this.marks });
    canvas.width = renderer.canvas.width;
    canvas.height = renderer.canvas.height;
    canvas.getContext("2d")?.drawImage(renderer.canvas, 0, 0);
  }
}
