// Connects the parts: the traits, the cells, and the views on the page.

import type { AnyModel } from "@anywidget/types";
import { clipped } from "../../shared/clipped";
import { NO_SIZES } from "../../shared/contract";
import { h } from "../../shared/dom";
import type { Place } from "../../shared/mount";
import type { RootId } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import { watchTraits } from "../../shared/traits";
import { type Box, boxOf, type Cell, isInside, isOutside } from "../data/cell";
import { Loader } from "../data/cell-loader";
import type { SynapseAt } from "../data/partner";
import { depthProfile } from "../data/synapse-counts";
import type { Vector } from "../data/vector";
import { exportActions, type ViewContent } from "../export/export-actions";
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
import { type Color, cellColors, onlyPair, type Paint, paint, sizeRange } from "../render/colors";
import type { State } from "../state";
import { summary } from "./descriptions";
import { watchGestures } from "./gestures";
import { HistoryView } from "./history-view";
import { watchKeys } from "./keyboard";
import { LegendView } from "./legend-view";
import { LoadingView } from "./loading-view";
import { OverlayView, type Ring } from "./overlay-view";
import { colorPairs } from "./pair-colors";
import { PartnerPanel } from "./partner-panel";
import { Pointing, pointAt, positionOf } from "./pointing";
import { ProfileView } from "./profile-view";
import { StageView } from "./stage-view";
import { ToolbarView } from "./toolbar-view";

const BACKGROUNDS: Record<Theme, Color> = { light: [255, 255, 255], dark: [24, 26, 31] };
const HELP =
  "Drag to rotate (3D) or pan, scroll to zoom, double-click to centre; click a synapse to choose its " +
  "partner. Keys: arrows rotate or pan, Shift and arrows pan, + and − zoom, 0 fits the view, 1 to 4 " +
  "switch views, n and p step through synapses, Enter chooses the partner, Escape clears it.";
let viewers = 0;

export class Viewer {
  readonly el: HTMLElement;
  readonly #model: AnyModel<State>;
  readonly #loader: Loader;
  readonly #stage = new StageView();
  readonly #overlay = new OverlayView();
  readonly #pointing = new Pointing();
  readonly #loading = new LoadingView((id) => this.#loader.retry(id));
  readonly #profile = new ProfileView();
  readonly #partners: PartnerPanel;
  readonly #legend = new LegendView({
    show: (directions) => this.#set("synapses", directions),
    hide: (types) => this.#set("hidden_types", types),
  });
  readonly #toolbar: ToolbarView;
  readonly #summary = h("p", { id: `skv-summary-${++viewers}`, class: "skv-summary" });
  readonly #stops: (() => void)[] = [];
  #cells: Cell[] = [];
  #paints: Paint[] = [];
  #box: Box | null = null;
  #camera: CameraState;
  #savedCamera = "";

  constructor(model: AnyModel<State>, signal: AbortSignal, hover: Place<State>["hover"]) {
    this.#model = model;
    const history = new HistoryView(model, signal);
    const redraw = () => this.#redrawOver();
    this.#partners = new PartnerPanel(model, { hover, redraw });
    colorPairs(model, signal);
    this.#camera = model.get("camera");
    const exporting = new ExportView(exportActions(() => this.content));
    this.#toolbar = new ToolbarView(
      {
        view: (view) => this.#look({ ...this.#camera, view }),
        whole: () => this.#look({ ...this.#camera, center: null, height: null }),
        choose: (trait, word) => this.#set(trait, word as never),
      },
      !model.get("world").source.includes(NO_SIZES),
      history.el,
      exporting.el,
    );
    this.el = this.#layOut();
    this.#stops.push(history.watchKeys(this.el));
    this.#loader = new Loader(model, model.get("world"), () => this.#loaded(), signal);
    this.#stage.onDraw = (frame) => this.#drawOver(frame);
    this.#stage.onRest = () => this.#save();
    this.#watchInput();
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

  /** Lights up the synapses of cells that the pointer is on in a linked widget. */
  light(ids: readonly RootId[]): void {
    this.#partners.light(ids);
    this.#redrawOver();
  }

  get content(): ViewContent {
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
    const badge = h(
      "span",
      { class: `skv-source${synthetic ? " skv-synthetic" : ""}`, title: source },
      clipped(source),
    );
    stage.append(this.#overlay.el, badge, this.#loading.el, this.#pointing.tooltip.el);
    const side = h("div", { class: "skv-side" }, this.#partners.box, this.#legend.el);
    return h(
      "div",
      { class: "skv" },
      this.#toolbar.el,
      h("div", { class: "skv-main" }, stage, this.#profile.el, side),
      this.#partners.table.el,
      h("div", { class: "skv-foot" }, this.#summary, h("p", { class: "skv-help" }, HELP)),
      this.#pointing.tooltip.announcement,
      this.#partners.announcement,
    );
  }

  #watchModel(signal: AbortSignal): void {
    const model = this.#model;
    watchTraits(model, ["cells"], () => this.#loader.show(model.get("cells")), signal);
    watchTraits(model, ["partner"], () => this.#showPartner(), signal);
    watchTraits(model, ["camera"], () => this.#receiveCamera(), signal);
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
    this.#loading.update(entries);
    const cells = entries.flatMap(({ cell }) => cell ?? []);
    const before = this.#cells;
    this.#cells = cells;
    if (cells.length !== before.length || cells.some((cell, i) => cell !== before[i])) {
      const inside = cells.filter((cell) => !isOutside(cell));
      const corners = inside.flatMap(({ box }) => [...box.low, ...box.high]);
      this.#box = inside.length > 0 ? boxOf(corners) : null;
      this.#partners.setCells(cells);
    }
    // The camera stays when other cells are shown, unless none of their somata is in view.
    const loading = entries.some(({ status }) => /waiting|synapses|skeleton/.test(status));
    if (!loading && !this.#isInView()) this.#look({ ...this.#camera, center: null, height: null });
    this.#repaint();
  }

  #repaint(): void {
    const model = this.#model;
    const world = model.get("world");
    this.#partners.update();
    const { pair } = this.#partners;
    const types = this.#cells.map(({ about }) => about.type);
    const own = this.#partners.cellColors ?? cellColors(types);
    const by = {
      colorBy: model.get("color_by"),
      directions: model.get("synapses"),
      synapseColor: model.get("synapse_color"),
      // A pair is exact: no type of its synapses is hidden.
      hidden: pair ? [] : model.get("hidden_types"),
      world,
      sizes: sizeRange(this.#cells),
    };
    const paints = this.#cells.map((cell, place) => paint(cell, own[place] as Color, by));
    this.#paints = pair ? onlyPair(paints, this.#cells, pair) : paints;
    this.el.classList.toggle("skv-pair", pair !== null);
    this.#stage.setCells(this.#cells, this.#paints);
    this.#pointing.setCells(this.#cells, this.#paints);
    this.#stage.look(this.#resolved());
    this.#legend.update({ cells: this.#cells, cellColors: own, ...by });
    const bottom = world.layers.at(-1)?.[2] ?? 1000;
    const visible = this.#paints.map(({ synapses }) => synapses);
    const profile = this.#outside ? null : depthProfile(this.#cells, visible, bottom);
    this.#profile.update(profile, world);
    this.#updateToolbar();
    this.#summary.textContent =
      summary(this.#loader.entries, by.directions) + this.#partners.sentence;
  }

  /** Whether all cells are outside the volume, where layers and depth are not defined. */
  get #outside(): boolean {
    return this.#cells.some(isOutside) && !this.#cells.some(isInside);
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

  /** The camera with center and height; if they are null, chosen to fit the cells. */
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

  #isInView(): boolean {
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
    this.#savedCamera = JSON.stringify(camera);
    if (this.#savedCamera !== JSON.stringify(this.#model.get("camera")))
      this.#set("camera", camera);
  }

  #receiveCamera(): void {
    const camera = this.#model.get("camera");
    // The camera that this view has saved comes back rounded.
    if (JSON.stringify(camera) === this.#savedCamera) return;
    this.#savedCamera = "";
    this.#camera = camera;
    this.#stage.look(this.#resolved());
    this.#updateToolbar();
  }

  // Pointer and keys

  #watchInput(): void {
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
    const target = this.#pointing.at(frame, x, y);
    if (target) return { ...frame.camera, center: positionOf(target) };
    return moved(frame, frame.width / 2 - x, frame.height / 2 - y);
  }

  #showPartner(): void {
    const before = this.#partners.pair;
    this.#partners.update();
    // Only a pair changes which synapses are drawn.
    if (before || this.#partners.pair) this.#repaint();
    this.#redrawOver();
  }

  #redrawOver(): void {
    if (this.#stage.frame) this.#drawOver(this.#stage.frame);
  }

  #drawOver(frame: Frame): void {
    const rings: Ring[] = this.#cells.flatMap(({ soma }) =>
      soma ? { kind: "soma", um: soma.um, radius: soma.radius } : [],
    );
    const { lit, marked } = this.#partners;
    const around = (kind: Ring["kind"]) => (at: SynapseAt) =>
      rings.push({ kind, um: pointAt(at.cell.synapses.um, at.index) });
    lit.forEach(around("lit"));
    marked.forEach(around("chosen"));
    const pointed = this.#pointing.synapse;
    if (pointed) rings.unshift({ kind: "pointed", um: positionOf(pointed) });
    this.#overlay.draw(frame, this.#model.get("world"), this.#box, rings, this.#outside);
  }
}
