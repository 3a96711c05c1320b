// Puts the parts together: traits on one side, cells and the page on the other.
import type { AnyModel } from "@anywidget/types";
import { h } from "../shared/dom";
import { watchTheme } from "../shared/theme";
import {
  type Camera,
  type CameraState,
  type Frame,
  fit,
  moved,
  project,
  turned,
  type Vector,
  zoomed,
} from "./camera";
import { type Box, boxOf, type Cell } from "./cell";
import { type Color, cellColors, type Paint, paint, sizeRange } from "./colors";
import { depthProfile } from "./counts";
import { describeSynapse, describeVertex, summary } from "./describe";
import { neuroglancerUrl, toCsv, toPython, toSwc } from "./export";
import { copy, download, ExportView } from "./export-view";
import { watchGestures } from "./gestures";
import { watchKeys } from "./keys";
import { LegendView } from "./legend-view";
import { Loader } from "./loader";
import { NotesView } from "./notes-view";
import { OverlayView, type Ring } from "./overlay-view";
import { type Partner, PartnerView, partnerOf } from "./partner-view";
import { nearestPoint } from "./pick";
import { toPng } from "./png-export";
import { ProfileView } from "./profile-view";
import { StageView } from "./stage-view";
import type { State } from "./state";
import { toSvg } from "./svg-export";
import { TipView } from "./tip-view";
import { ToolbarView } from "./toolbar-view";

const BACKGROUNDS: Record<string, Color> = { light: [255, 255, 255], dark: [24, 26, 31] };
/** How near the pointer must be, in CSS pixels. */
const REACH = 7;
let made = 0;

export class Viewer {
  readonly el: HTMLElement;
  readonly stage = new StageView();
  readonly #model: AnyModel<State>;
  readonly #loader: Loader;
  readonly #overlay = new OverlayView();
  readonly #tip = new TipView();
  readonly #notes: NotesView;
  readonly #toolbar: ToolbarView;
  readonly #legend: LegendView;
  readonly #profile = new ProfileView();
  readonly #partnerView: PartnerView;
  readonly #summary: HTMLElement;
  readonly #stops: (() => void)[];
  #cells: Cell[] = [];
  #paints: Paint[] = [];
  #box: Box | null = null;
  #partner: Partner | null = null;
  #pointed: { cell: Cell; index: number } | null = null;
  #camera: CameraState;
  #saved = "";

  constructor(model: AnyModel<State>, signal: AbortSignal) {
    this.#model = model;
    this.#camera = model.get("camera");
    this.#notes = new NotesView((id) => this.#loader.retry(id));
    this.#legend = new LegendView({
      show: (shown) => this.#set("synapses", shown),
      hide: (types) => this.#set("hidden_types", types),
    });
    this.#partnerView = new PartnerView(
      () => this.#set("partner", null),
      (id) => {
        this.#set("cells", [id]);
        this.#set("partner", null);
      },
    );
    const exporting = new ExportView({
      png: (scale) => this.#png(scale),
      svg: () => this.#svg(),
      swc: () => this.#swc(),
      csv: () => download("synapses.csv", toCsv(this.#cells, this.#paints)),
      python: () => copy(this.#python()),
      neuroglancer: () => this.#neuroglancer(),
    });
    this.#toolbar = new ToolbarView(
      {
        view: (view) => this.#look({ ...this.#camera, view, ...this.#refitted(view) }),
        whole: () => this.#whole(),
        choose: (trait, word) => this.#set(trait, word as never),
      },
      exporting.el,
    );
    const { source, synthetic } = model.get("world");
    const id = `skv-summary-${++made}`;
    this.#summary = h("p", { id, class: "skv-summary" });
    const help = h("p", { class: "skv-help" }, HELP);
    const badge = h(
      "span",
      { class: synthetic ? "skv-source skv-synthetic" : "skv-source" },
      source,
    );
    for (const [name, value] of Object.entries({
      role: "application",
      "aria-roledescription": "picture of cells",
      "aria-label": "Cells and their synapses",
      "aria-describedby": id,
    })) {
      this.stage.el.setAttribute(name, value);
    }
    this.stage.el.append(this.#overlay.el, this.#notes.el, badge, this.#tip.el);
    this.el = h(
      "div",
      { class: "skv" },
      this.#toolbar.el,
      h(
        "div",
        { class: "skv-main" },
        this.stage.el,
        h("div", { class: "skv-side" }, this.#partnerView.el, this.#legend.el, this.#profile.el),
      ),
      h("div", { class: "skv-foot" }, this.#summary, help),
      this.#tip.aloud,
    );
    this.#loader = new Loader(model, model.get("world"), () => this.#loaded(), signal);
    this.stage.onDraw = (frame) => this.#overlayOn(frame);
    this.stage.onRest = () => this.#save();
    this.#stops = [
      this.#watchStage(),
      watchTheme(this.el, (theme) => {
        this.el.dataset.theme = theme;
        this.stage.background = BACKGROUNDS[theme] as Color;
        this.stage.redraw();
      }),
      () => this.stage.destroy(),
    ];
    const hear = {
      cells: () => this.#loader.show(model.get("cells")),
      partner: () => this.#choose(),
      camera: () => this.#hearCamera(),
      "color_by change:synapses change:synapse_color change:hidden_types": () => this.#repaint(),
    };
    for (const [name, callback] of Object.entries(hear)) {
      model.on(`change:${name}`, callback);
      this.#stops.push(() => model.off(`change:${name}`, callback));
    }
    this.#loader.show(model.get("cells"));
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
  }

  /** What each part says of the state, for tests and for whoever measures. */
  get drawn(): { cells: readonly Cell[]; paints: readonly Paint[]; frame: Frame | null } {
    return { cells: this.#cells, paints: this.#paints, frame: this.stage.frame };
  }

  #set<K extends keyof State>(name: K, value: State[K]): void {
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  // Cells and colours

  #loaded(): void {
    const { entries } = this.#loader;
    this.#notes.update(entries);
    const cells = entries.flatMap(({ cell }) => (cell ? [cell] : []));
    const same =
      cells.length === this.#cells.length && cells.every((cell, i) => cell === this.#cells[i]);
    if (!same) {
      this.#cells = cells;
      const corners = cells.flatMap(({ box }) => [...box.low, ...box.high]);
      this.#box = cells.length > 0 ? boxOf(corners) : null;
      this.#choose();
      // The camera stays from cell to cell, unless none of them is in sight.
      const loading = entries.some(({ status }) => /waiting|synapses|skeleton/.test(status));
      if (!loading && !this.#inSight()) this.#look({ ...this.#camera, center: null, height: null });
    }
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
      hiddenTypes: model.get("hidden_types"),
      world,
      sizes: sizeRange(this.#cells),
    };
    this.#paints = this.#cells.map((cell, place) => paint(cell, own[place] as Color, by));
    this.stage.setCells(this.#cells, this.#paints);
    this.stage.look(this.#resolved());
    this.#legend.update({
      cells: this.#cells,
      cellColors: own,
      ...by,
      hidden: by.hiddenTypes,
    });
    const bottom = world.layers.at(-1)?.[2] ?? 1000;
    const visible = this.#paints.map(({ synapses }) => synapses);
    this.#profile.update(depthProfile(this.#cells, visible, bottom), world);
    this.#toolbar.update(this.#camera.view, {
      color_by: by.colorBy,
      synapses: by.shown,
      synapse_color: by.synapseColor,
    });
    this.#summary.textContent = summary(this.#loader.entries, by.shown);
  }

  // Camera

  #resolved(): Camera {
    const { center, height } = this.#camera;
    if (center && height) return this.#camera as Camera;
    const points = this.#cells.flatMap(({ tree, synapses, soma }) => [
      tree?.um ?? synapses.um,
      Float32Array.from(soma?.um ?? []),
    ]);
    const whole = fit(this.#camera, points, this.stage.aspect);
    return { ...whole, ...(center && { center }), ...(height && { height }) };
  }

  #inSight(): boolean {
    const frame = this.stage.frame;
    if (!frame || !this.#camera.center) return true;
    const somata = this.#cells.flatMap(({ soma }) => (soma ? [project(frame, ...soma.um)] : []));
    return somata.some(({ x, y }) => x >= 0 && y >= 0 && x <= frame.width && y <= frame.height);
  }

  #look(camera: CameraState, moving = false): void {
    this.#camera = camera;
    this.stage.look(this.#resolved(), moving);
    if (!moving) this.#save();
  }

  #whole(): void {
    this.#look({ ...this.#camera, center: null, height: null });
  }

  /** Another view of whole cells is fitted anew; one of a part keeps its place. */
  #refitted(view: CameraState["view"]): Partial<CameraState> {
    this.#toolbar.update(view, {
      color_by: this.#model.get("color_by"),
      synapses: this.#model.get("synapses"),
      synapse_color: this.#model.get("synapse_color"),
    });
    return {};
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
    this.stage.look(this.#resolved());
    this.#refitted(camera.view);
  }

  // Pointer and keys

  #watchStage(): () => void {
    const act = (change: (frame: Frame) => Camera) => {
      const { frame } = this.stage;
      if (!frame) return;
      this.#tip.hide();
      this.#look(change(frame), true);
    };
    const turnOrMove = (dx: number, dy: number, other: boolean) =>
      act((frame) => {
        const turns = frame.camera.view === "perspective" && !other;
        if (!turns) return moved(frame, dx, dy);
        // Turning whole cells keeps them whole.
        return { ...turned(frame, dx, dy), center: frame.camera.center };
      });
    const stops = [
      watchGestures(this.stage.el, {
        drag: turnOrMove,
        zoom: (factor, x, y) => act((frame) => zoomed(frame, factor, x, y)),
        hover: (x, y) => this.#point(x, y),
        leave: () => this.#unpoint(),
        click: (x, y) => {
          const found = this.#at(x, y);
          this.#set("partner", found?.synapse ? found.cell.synapses.partner.at(found.index) : null);
        },
        center: (x, y) => this.#centerAt(x, y),
      }),
      watchKeys(this.stage.el, {
        drag: turnOrMove,
        zoom: (factor) => act((frame) => zoomed(frame, factor, frame.width / 2, frame.height / 2)),
        view: (view) => {
          this.#look({ ...this.#camera, view });
          this.#refitted(view);
        },
        whole: () => this.#whole(),
        step: (by) => this.#step(by),
        choose: () => {
          const pointed = this.#pointed;
          if (pointed) this.#set("partner", pointed.cell.synapses.partner.at(pointed.index));
        },
        clear: () => {
          this.#unpoint();
          this.#set("partner", null);
        },
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #at(x: number, y: number): { cell: Cell; index: number; synapse: boolean } | null {
    const { frame } = this.stage;
    if (!frame) return null;
    const points = this.#cells.map(({ synapses }, i) => ({
      um: synapses.um,
      colors: this.#paints[i]?.synapses ?? new Uint8Array(),
    }));
    const near = nearestPoint(frame, points, x, y, REACH);
    if (near) return { cell: this.#cells[near.list] as Cell, index: near.index, synapse: true };
    const trees = this.#cells.map(({ tree }) => ({ um: tree?.um ?? new Float32Array() }));
    const vertex = nearestPoint(frame, trees, x, y, REACH);
    return (
      vertex && { cell: this.#cells[vertex.list] as Cell, index: vertex.index, synapse: false }
    );
  }

  #point(x: number, y: number): void {
    const found = this.#at(x, y);
    this.stage.el.style.cursor = found?.synapse ? "pointer" : "";
    const before = this.#pointed;
    this.#pointed = found?.synapse ? found : null;
    if (!found) this.#tip.hide();
    else if (found.synapse) this.#tip.show(describeSynapse(found.cell, found.index), x, y);
    else this.#tip.show(describeVertex(found.cell, found.index), x, y);
    if (before?.index !== this.#pointed?.index || before?.cell !== this.#pointed?.cell) {
      this.#ringsChanged();
    }
  }

  #unpoint(): void {
    this.#tip.hide();
    this.#pointed = null;
    this.#ringsChanged();
  }

  #centerAt(x: number, y: number): void {
    const { frame } = this.stage;
    if (!frame) return;
    const found = this.#at(x, y);
    const um = found && (found.synapse ? found.cell.synapses.um : found.cell.tree?.um);
    const camera: Camera = um
      ? {
          ...frame.camera,
          center: [...um.subarray(3 * found.index, 3 * found.index + 3)] as Vector,
        }
      : moved(frame, frame.width / 2 - x, frame.height / 2 - y);
    this.#look({ ...camera, height: frame.camera.height });
  }

  /** Goes to the next or the previous synapse that is shown and in the picture. */
  #step(by: number): void {
    const { frame } = this.stage;
    const all = this.#cells.flatMap((cell, place) =>
      Array.from({ length: cell.synapses.n }, (_, index) => ({ cell, place, index })),
    );
    if (!frame || all.length === 0) return;
    const now = all.findIndex(
      ({ cell, index }) => cell === this.#pointed?.cell && index === this.#pointed.index,
    );
    let at = now < 0 && by < 0 ? 0 : now;
    for (let tried = 0; tried < all.length; tried++) {
      at = (at + by + all.length) % all.length;
      const { cell, place, index } = all[at] as (typeof all)[number];
      if (!this.#paints[place]?.synapses[4 * index + 3]) continue;
      const { x, y, scale } = project(frame, ...pointAt(cell.synapses.um, index));
      if (scale === 0 || x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
      this.#pointed = { cell, index };
      this.#tip.show(describeSynapse(cell, index), x, y, true);
      this.#ringsChanged();
      return;
    }
  }

  #choose(): void {
    const id = this.#model.get("partner");
    this.#partner = id === null ? null : partnerOf(this.#cells, id);
    this.#partnerView.update(this.#partner);
    this.#ringsChanged();
  }

  #ringsChanged(): void {
    const { frame } = this.stage;
    if (frame) this.#overlayOn(frame);
  }

  #overlayOn(frame: Frame): void {
    const chosen = this.#partner?.synapses ?? [];
    const rings: Ring[] = chosen.map(({ cell, index }) => ({
      um: pointAt(cell.synapses.um, index),
      strong: false,
    }));
    const pointed = this.#pointed;
    if (pointed)
      rings.unshift({ um: pointAt(pointed.cell.synapses.um, pointed.index), strong: true });
    this.#overlay.draw(frame, this.#model.get("world"), this.#box, rings);
  }

  // Exports

  #fileName(ending: string): string {
    const [first, ...others] = this.#cells.map(({ id }) => id);
    return `cell_${first ?? "none"}${others.length > 0 ? `_and_${others.length}` : ""}.${ending}`;
  }

  async #png(scale: number): Promise<void> {
    const { frame } = this.stage;
    const picture = this.stage.snapshot(scale);
    if (!frame || !picture) throw new Error("There is no picture to save yet.");
    download(this.#fileName("png"), await toPng(picture, this.#overlay.el, frame, this.#caption()));
  }

  #svg(): void {
    const { frame, background } = this.stage;
    if (!frame) throw new Error("There is no picture to save yet.");
    const text = toSvg(
      frame,
      this.#cells,
      this.#paints,
      this.#overlay.el,
      background,
      this.#caption(),
    );
    download(this.#fileName("svg"), text);
  }

  #swc(): void {
    const there = this.#cells.filter(({ tree }) => tree);
    if (there.length === 0) throw new Error("There is no skeleton to save.");
    for (const cell of there) download(`cell_${cell.id}.swc`, toSwc(cell));
  }

  #python(): string {
    return toPython((name) => this.#model.get(name));
  }

  #neuroglancer(): { url: string } | { reason: string } {
    const world = this.#model.get("world");
    const url = neuroglancerUrl(world, this.#cells, this.#paints);
    if (url) return { url };
    const what = world.synthetic ? "The sample is synthetic" : "This is not MICrONS's volume";
    return { reason: `${what}: Neuroglancer has no images of it.` };
  }

  #caption(): string {
    const { source } = this.#model.get("world");
    return [this.#summary.textContent, source].filter(Boolean).join(" ");
  }
}

const HELP =
  "Drag turns or moves, the wheel zooms, a double click centres; a click on a synapse chooses its " +
  "partner. Keys: arrows, shift and arrows, + and −, 0 for the whole, 1 to 4 for the views, n and p " +
  "for the next synapse, Enter for its partner, Escape for none.";

function pointAt(um: Float32Array, index: number): Vector {
  return [...um.subarray(3 * index, 3 * index + 3)] as Vector;
}
