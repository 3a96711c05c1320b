// Puts the parts together: traits on one side, cells and the page on the other.
import type { AnyModel } from "@anywidget/types";
import { h } from "../../shared/dom";
import type { Theme } from "../../shared/theme";
import { watchTraits } from "../../shared/traits";
import { type Box, boxOf, type Cell } from "../data/cell";
import { Loader } from "../data/cell-loader";
import { depthProfile } from "../data/synapse-counts";
import type { Vector } from "../data/vector";
import { type Drawn, exportsOf } from "../export/export-actions";
import { ExportView } from "../export/export-menu";
import {
  type Camera,
  type CameraState,
  type Frame,
  fit,
  moved,
  type Projected,
  project,
  turned,
  zoomed,
} from "../render/camera";
import { type Color, cellColors, type Paint, paint, sizeRange } from "../render/colors";
import type { State } from "../state";
import { summary } from "./descriptions";
import { watchGestures } from "./gestures";
import { watchKeys } from "./keyboard";
import { LegendView } from "./legend-view";
import { NotesView } from "./loading-view";
import { OverlayView, type Ring } from "./overlay-view";
import { type Partner, PartnerView, partnerOf } from "./partner-view";
import { Pointing, pointAt, where } from "./pointing";
import { ProfileView } from "./profile-view";
import { StageView } from "./stage-view";
import { ToolbarView } from "./toolbar-view";

const BACKGROUNDS: Record<Theme, Color> = { light: [255, 255, 255], dark: [24, 26, 31] };
const HELP =
  "Drag turns or moves, the wheel zooms, a double click centres; a click on a synapse chooses its " +
  "partner. Keys: arrows, shift and arrows, + and −, 0 for the whole, 1 to 4 for the views, n and p " +
  "for the next synapse, Enter for its partner, Escape for none.";
let made = 0;

export class Viewer {
  readonly el: HTMLElement;
  readonly #model: AnyModel<State>;
  readonly #loader: Loader;
  readonly #stage = new StageView();
  readonly #overlay = new OverlayView();
  readonly #pointing = new Pointing();
  readonly #notes = new NotesView((id) => this.#loader.retry(id));
  readonly #profile = new ProfileView();
  readonly #partnerView = new PartnerView(
    () => this.#set("partner", null),
    (id) => {
      this.#set("cells", [id]);
      this.#set("partner", null);
    },
  );
  readonly #legend = new LegendView({
    show: (shown) => this.#set("synapses", shown),
    hide: (types) => this.#set("hidden_types", types),
  });
  readonly #toolbar: ToolbarView;
  readonly #summary = h("p", { id: `skv-summary-${++made}`, class: "skv-summary" });
  readonly #stops: (() => void)[] = [];
  #cells: Cell[] = [];
  #paints: Paint[] = [];
  #box: Box | null = null;
  #partner: Partner | null = null;
  #camera: CameraState;
  #saved = "";

  constructor(model: AnyModel<State>, signal: AbortSignal) {
    this.#model = model;
    this.#camera = model.get("camera");
    const exporting = new ExportView(exportsOf(() => this.drawn));
    this.#toolbar = new ToolbarView(
      {
        view: (view) => this.#look({ ...this.#camera, view }),
        whole: () => this.#look({ ...this.#camera, center: null, height: null }),
        choose: (trait, word) => this.#set(trait, word as never),
      },
      exporting.el,
    );
    this.el = this.#layOut();
    this.#loader = new Loader(model, model.get("world"), () => this.#loaded(), signal);
    this.#stage.onDraw = (frame) => this.#drawOver(frame);
    this.#stage.onRest = () => this.#save();
    this.#watchHand();
    this.#watchModel(signal);
    this.#stops.push(() => this.#stage.destroy());
    this.#loader.show(model.get("cells"));
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
  }

  set theme(theme: Theme) {
    this.el.dataset.theme = theme;
    this.#stage.background = BACKGROUNDS[theme];
    this.#stage.redraw();
  }

  get drawn(): Drawn {
    const { frame, background } = this.#stage;
    return {
      cells: this.#cells,
      paints: this.#paints,
      frame,
      background,
      overlay: this.#overlay.el,
      caption: this.#summary.textContent ?? "",
      snapshot: (ratio) => this.#stage.snapshot(ratio),
      get: (trait) => this.#model.get(trait),
    };
  }

  #layOut(): HTMLElement {
    const { source, synthetic } = this.#model.get("world");
    const stage = this.#stage.el;
    for (const [name, value] of Object.entries({
      role: "application",
      "aria-roledescription": "picture of cells",
      "aria-label": "Cells and their synapses",
      "aria-describedby": this.#summary.id,
    })) {
      stage.setAttribute(name, value);
    }
    const badge = h("span", { class: `skv-source${synthetic ? " skv-synthetic" : ""}` }, source);
    stage.append(this.#overlay.el, badge, this.#notes.el, this.#pointing.tip.el);
    const side = h("div", { class: "skv-side" }, this.#partnerView.el, this.#legend.el);
    return h(
      "div",
      { class: "skv" },
      this.#toolbar.el,
      h("div", { class: "skv-main" }, stage, this.#profile.el, side),
      h("div", { class: "skv-foot" }, this.#summary, h("p", { class: "skv-help" }, HELP)),
      this.#pointing.tip.aloud,
    );
  }

  #watchModel(signal: AbortSignal): void {
    const model = this.#model;
    watchTraits(model, ["cells"], () => this.#loader.show(model.get("cells")), signal);
    watchTraits(model, ["partner"], () => this.#choose(), signal);
    watchTraits(model, ["camera"], () => this.#hearCamera(), signal);
    const colors = ["color_by", "synapses", "synapse_color", "hidden_types"];
    watchTraits(model, colors, () => this.#repaint(), signal);
  }

  #set<K extends keyof State>(name: K, value: State[K]): void {
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  // Cells and colours

  #loaded(): void {
    const { entries } = this.#loader;
    this.#notes.update(entries);
    const cells = entries.flatMap(({ cell }) => cell ?? []);
    const before = this.#cells;
    this.#cells = cells;
    if (cells.length !== before.length || cells.some((cell, i) => cell !== before[i])) {
      const corners = cells.flatMap(({ box }) => [...box.low, ...box.high]);
      this.#box = cells.length > 0 ? boxOf(corners) : null;
      this.#choose();
    }
    // The camera stays from cell to cell, unless none of them is in sight.
    const loading = entries.some(({ status }) => /waiting|synapses|skeleton/.test(status));
    if (!loading && !this.#inSight()) this.#look({ ...this.#camera, center: null, height: null });
    this.#repaint();
  }

  #repaint(): void {
    const model = this.#model;
    const world = model.get("world");
    const own = cellColors(this.#cells.map(({ about }) => about.type));
    const by = {
      colorBy: model.get("color_by"),
      shown: model.get("synapses"),
      synapseColor: model.get("synapse_color"),
      hidden: model.get("hidden_types"),
      world,
      sizes: sizeRange(this.#cells),
    };
    this.#paints = this.#cells.map((cell, place) => paint(cell, own[place] as Color, by));
    this.#stage.setCells(this.#cells, this.#paints);
    this.#pointing.setCells(this.#cells, this.#paints);
    this.#stage.look(this.#resolved());
    this.#legend.update({ cells: this.#cells, cellColors: own, ...by });
    const bottom = world.layers.at(-1)?.[2] ?? 1000;
    const visible = this.#paints.map(({ synapses }) => synapses);
    this.#profile.update(depthProfile(this.#cells, visible, bottom), world);
    this.#updateToolbar();
    this.#summary.textContent = summary(this.#loader.entries, by.shown);
  }

  #updateToolbar(): void {
    const model = this.#model;
    this.#toolbar.update(this.#camera.view, {
      color_by: model.get("color_by"),
      synapses: model.get("synapses"),
      synapse_color: model.get("synapse_color"),
    });
  }

  // Camera

  /** The camera with center and height, which by themselves show the whole cells. */
  #resolved(): Camera {
    const { center, height } = this.#camera;
    if (center && height) return { ...this.#camera, center, height };
    const points = this.#cells.flatMap(({ tree, synapses, soma }) => [
      tree?.um ?? synapses.um,
      Float32Array.from(soma?.um ?? []),
    ]);
    const whole = fit(this.#camera, points, this.#stage.aspect);
    return { ...whole, ...(center && { center }), ...(height && { height }) };
  }

  #inSight(): boolean {
    const { frame } = this.#stage;
    if (!frame || !this.#camera.center) return true;
    const somata = this.#cells.flatMap(({ soma }) => (soma ? project(frame, ...soma.um) : []));
    const inside = ({ x, y, scale }: Projected) =>
      scale > 0 && x >= 0 && y >= 0 && x <= frame.width && y <= frame.height;
    return somata.length === 0 || somata.some(inside);
  }

  #look(camera: CameraState, moving = false): void {
    this.#camera = camera;
    this.#stage.look(this.#resolved(), moving);
    if (moving) return;
    this.#save();
    this.#updateToolbar();
  }

  #save(): void {
    const round = (value: number) => Number(value.toFixed(2));
    const { view, center, height, yaw, pitch } = this.#camera;
    const camera: CameraState = {
      view,
      center: center && (center.map(round) as Vector),
      height: height && round(height),
      yaw: round(yaw),
      pitch: round(pitch),
    };
    this.#saved = JSON.stringify(camera);
    if (this.#saved !== JSON.stringify(this.#model.get("camera"))) this.#set("camera", camera);
  }

  #hearCamera(): void {
    const camera = this.#model.get("camera");
    // What this view has saved itself comes back rounded.
    if (JSON.stringify(camera) === this.#saved) return;
    this.#saved = "";
    this.#camera = camera;
    this.#stage.look(this.#resolved());
    this.#updateToolbar();
  }

  // Pointer and keys

  #watchHand(): void {
    const inPicture = (act: (frame: Frame) => void) => {
      if (this.#stage.frame) act(this.#stage.frame);
    };
    const move = (change: (frame: Frame) => Camera) =>
      inPicture((frame) => {
        this.#pointing.leave();
        this.#look(change(frame), true);
      });
    const drag = (dx: number, dy: number, other: boolean) =>
      move((frame) =>
        frame.camera.view === "perspective" && !other
          ? turned(frame, dx, dy)
          : moved(frame, dx, dy),
      );
    const point = (act: (frame: Frame) => void) =>
      inPicture((frame) => {
        act(frame);
        const pointed = this.#pointing.synapse;
        this.#stage.el.style.cursor = pointed ? "pointer" : "";
        this.#drawOver(frame);
      });
    const choose = () => {
      const pointed = this.#pointing.synapse;
      this.#set("partner", pointed?.cell.synapses.partner.at(pointed.index) ?? null);
    };
    const { el } = this.#stage;
    const stopGestures = watchGestures(el, {
      drag,
      zoom: (factor, x, y) => move((frame) => zoomed(frame, factor, x, y)),
      hover: (x, y) => point((frame) => this.#pointing.hover(frame, x, y)),
      leave: () => point(() => this.#pointing.leave()),
      click: (x, y) => {
        point((frame) => this.#pointing.hover(frame, x, y));
        choose();
      },
      center: (x, y) => inPicture((frame) => this.#look(this.#centered(frame, x, y))),
    });
    const stopKeys = watchKeys(el, {
      drag,
      zoom: (factor) => move((frame) => zoomed(frame, factor, frame.width / 2, frame.height / 2)),
      view: (view) => this.#look({ ...this.#camera, view }),
      whole: () => this.#look({ ...this.#camera, center: null, height: null }),
      step: (by) => point((frame) => this.#pointing.step(frame, by)),
      choose,
      clear: () => {
        point(() => this.#pointing.leave());
        this.#set("partner", null);
      },
    });
    this.#stops.push(stopGestures, stopKeys);
  }

  #centered(frame: Frame, x: number, y: number): Camera {
    const found = this.#pointing.at(frame, x, y);
    if (found) return { ...frame.camera, center: where(found) };
    return moved(frame, frame.width / 2 - x, frame.height / 2 - y);
  }

  #choose(): void {
    const id = this.#model.get("partner");
    this.#partner = id === null ? null : partnerOf(this.#cells, id);
    this.#partnerView.update(this.#partner);
    if (this.#stage.frame) this.#drawOver(this.#stage.frame);
  }

  #drawOver(frame: Frame): void {
    const rings: Ring[] = this.#cells.flatMap(({ soma }) =>
      soma ? { kind: "soma", um: soma.um, radius: soma.radius } : [],
    );
    for (const { cell, index } of this.#partner?.synapses ?? []) {
      rings.push({ kind: "chosen", um: pointAt(cell.synapses.um, index) });
    }
    const pointed = this.#pointing.synapse;
    if (pointed) rings.unshift({ kind: "pointed", um: where(pointed) });
    this.#overlay.draw(frame, this.#model.get("world"), this.#box, rings);
  }
}
