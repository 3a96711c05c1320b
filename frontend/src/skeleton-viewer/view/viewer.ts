// Connects the parts: the traits, the cells, and the views on the page.

import type { AnyModel } from "@anywidget/types";
import { NO_SIZES } from "../../shared/contract";
import { h } from "../../shared/dom";
import type { Hover } from "../../shared/linked";
import type { RootId } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import { watchTraits } from "../../shared/traits";
import { areOutside, type Box, boxInside, type Cell } from "../data/cell";
import { Loader } from "../data/cell-loader";
import { exportActions, type ViewContent } from "../export/export-actions";
import { ExportView } from "../export/export-menu";
import { type Camera, type CameraState, type Frame, moved, turned, zoomed } from "../render/camera";
import {
  type Color,
  cellColors,
  onlyPair,
  type Paint,
  paint,
  shownColorBy,
  sizeRange,
} from "../render/colors";
import type { State } from "../state";
import { fitted, rounded, showsSoma } from "./camera-fit";
import { summary } from "./descriptions";
import { watchGestures } from "./gestures";
import { Hint, SCROLLED_PAST, SWIPED_PAST } from "./hint";
import { HistoryView } from "./history-view";
import { watchKeys } from "./keyboard";
import { foldButton } from "./legend-button";
import { LegendView } from "./legend-view";
import { LoadingView } from "./loading-view";
import { OverlayView, sourceBadge } from "./overlay-view";
import { PartnerPanel } from "./partner-panel";
import { Pointing, positionOf } from "./pointing";
import { ProfileView } from "./profile-view";
import { ringsOf } from "./rings";
import { StageView } from "./stage-view";
import { ToolbarView } from "./toolbar-view";
import { watchWidth } from "./wide-layout";

const BACKGROUNDS: Record<Theme, Color> = { light: [255, 255, 255], dark: [24, 26, 31] };
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
    redraw: () => this.#repaint(),
  });
  readonly #toolbar: ToolbarView;
  readonly #summary = h("p", { id: `skv-summary-${++viewers}`, class: "skv-summary" });
  readonly #announcement = h("div", { class: "mw-aloud", "aria-live": "polite" });
  readonly #hint = new Hint();
  readonly #stops: (() => void)[] = [];
  #theme: Theme = "light";
  #cells: Cell[] = [];
  /** The cells that the legend does not hide. */
  #shown: readonly Cell[] = [];
  #paints: Paint[] = [];
  #box: Box | null = null;
  #camera: CameraState;
  #savedCamera = "";

  constructor(model: AnyModel<State>, signal: AbortSignal, hover: Hover) {
    this.#model = model;
    const history = new HistoryView(model, signal);
    const redraw = () => this.#redrawOver();
    // The picture stands above the table: the page must not move under the pointer.
    const takeFocus = () => this.#stage.el.focus({ preventScroll: true });
    this.#partners = new PartnerPanel(model, { hover, redraw, takeFocus });
    this.#camera = model.get("camera");
    const exporting = new ExportView(exportActions(() => this.content));
    this.#toolbar = new ToolbarView(
      {
        view: (view) => this.#look({ ...this.#camera, view }),
        whole: () => this.#look({ ...this.#camera, center: null, height: null }),
        choose: (trait, word) => this.#set(trait, word as never),
        mark: (trait, value, done) => this.#mark(trait, value, done),
      },
      !model.get("world").source.includes(NO_SIZES),
      history.el,
      exporting.el,
    );
    this.el = this.#layOut();
    this.#stops.push(history.watchKeys(this.el), watchWidth(this.el));
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
    this.#theme = theme;
    this.#partners.theme = theme;
    this.#stage.background = BACKGROUNDS[theme];
    this.#repaint();
  }

  /** Lights up the synapses of cells that the pointer is on in a linked widget. */
  light(ids: readonly RootId[]): void {
    this.#partners.light(ids);
    this.#redrawOver();
  }

  get content(): ViewContent {
    const { frame, background } = this.#stage;
    return {
      cells: this.#shown,
      hidden: this.#cells.length - this.#shown.length,
      paints: this.#paints,
      frame,
      background,
      marks: this.#stage.marks,
      legend: this.#legend.sections,
      overlay: this.#overlay.el,
      pair: this.#partners.pair,
      caption: this.#summary.textContent ?? "",
      snapshot: (ratio) => this.#stage.snapshot(ratio),
      get: (trait) => this.#model.get(trait),
    };
  }

  #layOut(): HTMLElement {
    const { source, synthetic } = this.#model.get("world");
    const stage = this.#stage.el;
    stage.setAttribute("aria-describedby", this.#summary.id);
    const badge = sourceBadge(source, synthetic);
    stage.append(this.#overlay.el, badge, this.#loading.el, this.#hint.el);
    stage.append(this.#pointing.tooltip.el);
    const side = h("div", { class: "skv-side" }, this.#partners.box, this.#legend.el);
    const beside = h("div", { class: "skv-beside" }, side, this.#profile.el);
    return h(
      "div",
      { class: "skv", role: "group", "aria-label": "Skeleton viewer" },
      this.#toolbar.el,
      h("div", { class: "skv-main" }, stage, foldButton(beside), beside),
      this.#partners.table.el,
      h("div", { class: "skv-foot" }, this.#summary),
      this.#pointing.tooltip.announcement,
      this.#announcement,
    );
  }

  #watchModel(signal: AbortSignal): void {
    const model = this.#model;
    watchTraits(model, ["cells"], () => this.#loader.show(model.get("cells")), signal);
    watchTraits(model, ["partner"], () => this.#showPartner(), signal);
    watchTraits(model, ["camera"], () => this.#receiveCamera(), signal);
    const colors = ["color_by", "synapses", "synapse_color", "hidden_types"];
    watchTraits(model, colors, () => this.#repaint(), signal);
    const marks = ["synapse_scale", "synapse_opacity"];
    const showMarks = () => {
      this.#showMarks();
      this.#updateToolbar();
    };
    watchTraits(model, marks, showMarks, signal);
    this.#showMarks();
  }

  #set<K extends keyof State>(name: K, value: State[K]): void {
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  // Cells and colours

  #loaded(): void {
    const { entries } = this.#loader;
    const wasLoading = this.#loading.isLoading;
    this.#loading.update(entries, (entry) => this.#loader.canRetry(entry));
    const { isLoading } = this.#loading;
    const cells = entries.flatMap(({ cell }) => cell ?? []);
    const before = this.#cells;
    this.#cells = cells;
    const same = cells.length === before.length && cells.every((cell, i) => cell === before[i]);
    if (!same || isLoading !== wasLoading) {
      this.#box = boxInside(cells);
      this.#partners.setCells(cells, isLoading);
    }
    // The camera stays when other cells are shown, unless none of their somata is in view.
    if (!isLoading && !this.#isInView())
      this.#look({ ...this.#camera, center: null, height: null });
    this.#repaint();
  }

  #repaint(): void {
    const model = this.#model;
    this.#partners.update();
    const [{ pair }, world] = [this.#partners, model.get("world")];
    // A pair is exact: neither of its cells nor a type of its synapses is hidden.
    const shown = pair ? this.#cells : this.#legend.shown(this.#cells);
    this.#shown = shown;
    const theme = this.#theme;
    const types = this.#cells.map(({ about }) => about.type);
    const own = this.#partners.cellColors ?? cellColors(types, theme);
    const [directions, synapseColor] = [model.get("synapses"), model.get("synapse_color")];
    const chosen = model.get("color_by");
    const colorBy = shownColorBy(chosen, synapseColor, directions, this.#cells.length);
    const by = {
      theme,
      // The two cells of a pair are told apart whatever their few synapses show.
      colorBy: pair && chosen === "auto" ? "cell" : colorBy,
      directions,
      synapseColor,
      hidden: pair ? [] : model.get("hidden_types"),
      world,
      sizes: sizeRange(this.#cells),
    };
    const paints = shown.map((cell) => paint(cell, own[this.#cells.indexOf(cell)] as Color, by));
    this.#paints = pair ? onlyPair(paints, shown, pair) : paints;
    this.#stage.setCells(shown, this.#paints);
    this.#pointing.setCells(shown, this.#paints);
    this.#stage.look(this.#resolved());
    const legend = { cells: this.#cells, shown, cellColors: own, auto: chosen === "auto", pair };
    this.#legend.update({ ...legend, ...by });
    const visible = this.#paints.map(({ synapses }) => synapses);
    this.#profile.update(areOutside(this.#cells) ? null : { cells: shown, visible }, world);
    this.#updateToolbar();
    const hidden = this.#cells.length - shown.length;
    this.#summary.textContent =
      summary(this.#loader.entries, directions, hidden) + this.#partners.sentence;
    this.#announce();
  }

  /** Says what is on view, or what is marked; nothing while cells are loading. */
  #announce(): void {
    if (this.#loading.isLoading) return;
    const spoken = this.#partners.spoken || this.#summary.textContent;
    if (this.#announcement.textContent !== spoken) this.#announcement.textContent = spoken;
  }

  #updateToolbar(): void {
    const model = this.#model;
    this.#toolbar.update(this.#camera.view, {
      color_by: model.get("color_by"),
      synapses: model.get("synapses"),
      synapse_color: model.get("synapse_color"),
      ...this.#savedMarks,
    });
  }

  get #savedMarks() {
    const get = (trait: "synapse_scale" | "synapse_opacity") => this.#model.get(trait) ?? 1;
    return { synapse_scale: get("synapse_scale"), synapse_opacity: get("synapse_opacity") };
  }

  #showMarks({ synapse_scale, synapse_opacity } = this.#savedMarks): void {
    this.#stage.marks = { scale: synapse_scale, opacity: synapse_opacity };
    this.#stage.redraw();
  }

  /** Draws a size or an opacity; sends it to Python once the slider stays. */
  #mark(trait: "synapse_scale" | "synapse_opacity", value: number, done: boolean): void {
    if (done) this.#set(trait, value);
    else this.#showMarks({ ...this.#savedMarks, [trait]: value });
  }

  // Camera

  /** The camera with center and height; if they are null, chosen to fit the cells. */
  #resolved(): Camera {
    return fitted(this.#camera, this.#cells, this.#stage.aspect);
  }

  #isInView(): boolean {
    const { frame } = this.#stage;
    return !frame || !this.#camera.center || showsSoma(frame, this.#cells);
  }

  #look(camera: CameraState, moving = false): void {
    this.#camera = camera;
    this.#stage.look(this.#resolved(), moving);
    if (moving) return;
    this.#save();
    this.#updateToolbar();
  }

  #save(): void {
    const camera = rounded(this.#camera);
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
      scrolledPast: (touch) => this.#hint.show(touch ? SWIPED_PAST : SCROLLED_PAST),
      engaged: (now) => {
        el.classList.toggle("skv-engaged", now);
        this.#hint.hide();
      },
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
    else this.#announce();
    this.#redrawOver();
  }

  #redrawOver(): void {
    if (this.#stage.frame) this.#drawOver(this.#stage.frame);
  }

  #drawOver(frame: Frame): void {
    const { lit, marked } = this.#partners;
    const noted = { lit, marked, pointed: this.#pointing.synapse };
    const rings = ringsOf(frame, this.#shown, this.#paints, this.#stage.marks, noted);
    this.#overlay.draw(frame, this.#model.get("world"), this.#box, rings, areOutside(this.#cells));
  }
}
