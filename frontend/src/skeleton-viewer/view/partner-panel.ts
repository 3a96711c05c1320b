// All that concerns partners: the box beside the picture, the table below it, and which synapses
// are ringed in the picture.
import type { AnyModel } from "@anywidget/types";
import { NO_SIZES } from "../../shared/contract";
import { h } from "../../shared/dom";
import { pairIn } from "../../shared/link";
import type { RootId } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import type { Cell } from "../data/cell";
import {
  directionOf,
  type PairSynapses,
  type Partner,
  pairSynapses,
  partnerOf,
  type SynapseAt,
} from "../data/partner";
import type { Color } from "../render/colors";
import type { State } from "../state";
import { PAIR_COLORS, PairView, pairSentence, spokenPair } from "./pair-view";
import { PartnerTableView } from "./partner-table-view";
import { PartnerView, partnerSentence } from "./partner-view";

export interface PanelActs {
  /** Tells linked widgets which cells the pointer is on. */
  hover(ids: readonly RootId[]): void;
  /** Draws the rings again. */
  redraw(): void;
  /** Moves the focus to the picture, from a button that goes too. */
  takeFocus(): void;
}

export class PartnerPanel {
  /** Beside the picture. */
  readonly box: HTMLElement;
  readonly table: PartnerTableView;
  /** The pair on view, once both cells are loaded. */
  pair: PairSynapses | null = null;
  readonly #model: AnyModel<State>;
  readonly #partnerView: PartnerView;
  readonly #pairView: PairView;
  #cells: readonly Cell[] = [];
  #partner: Partner | null = null;
  #pointed: readonly SynapseAt[] = [];
  #lit: readonly SynapseAt[] = [];
  #theme: Theme = "light";

  constructor(model: AnyModel<State>, acts: PanelActs) {
    this.#model = model;
    const mark = (id: RootId | null) => {
      model.set("partner", id);
      model.save_changes();
    };
    const go = (id: RootId) => {
      model.set("cells", [id]);
      model.set("partner", null);
      model.save_changes();
    };
    // The button that was pressed vanishes with the partner or the cell that it belongs to. If the
    // focus vanished with it, the page would receive the next key, such as the one for Back.
    const leaving =
      <T>(act: (id: T) => void) =>
      (id: T) => {
        acts.takeFocus();
        act(id);
      };
    const inBox = { mark: leaving(mark), go: leaving(go) };
    this.#partnerView = new PartnerView(inBox);
    this.#pairView = new PairView(inBox);
    this.table = new PartnerTableView(
      {
        mark,
        go: leaving(go),
        point: (row) => {
          this.#pointed = row?.synapses ?? [];
          acts.hover(row?.id ? [row.id] : []);
          acts.redraw();
        },
      },
      !model.get("world").source.includes(NO_SIZES),
    );
    this.box = h("div", { class: "skv-marked" }, this.#partnerView.el, this.#pairView.el);
  }

  /** The page's theme; the box has it after `update`. */
  set theme(theme: Theme) {
    this.#theme = theme;
    this.table.theme = theme;
  }

  /** Synapses of the marked partner or pair. */
  get marked(): readonly SynapseAt[] {
    return (this.pair ?? this.#partner)?.synapses ?? [];
  }

  /** Synapses of partners that the pointer is on, in the table or in a linked widget. */
  get lit(): readonly SynapseAt[] {
    return [...this.#pointed, ...this.#lit];
  }

  /** A sentence about the pair on view; "" if there is none. */
  get sentence(): string {
    return this.pair ? ` ${pairSentence(this.pair)}` : "";
  }

  /** What is marked, for screen readers; "" if nothing is. */
  get spoken(): string {
    if (this.pair) return spokenPair(this.pair);
    return this.#partner && this.#cells.length > 0 ? partnerSentence(this.#partner) : "";
  }

  /** The colours of the pair's cells; null if there is none. */
  get cellColors(): Color[] | null {
    return this.pair && PAIR_COLORS;
  }

  /** Shows the partners of cells that have been loaded. */
  setCells(cells: readonly Cell[], loading: boolean): void {
    this.#cells = cells;
    [this.#pointed, this.#lit] = [[], []];
    this.table.show(cells, loading);
    this.update();
  }

  /** Follows the marked partner, and the settings that are named beside it. */
  update(): void {
    const model = this.#model;
    const [cells, ids, id] = [this.#cells, model.get("cells"), model.get("partner")];
    const pair = pairIn(ids, id);
    this.pair = pair && pairSynapses(cells, pair);
    this.#partner = id === null || this.pair ? null : partnerOf(cells, id);
    const directions = model.get("synapses");
    this.#partnerView.update(this.#partner, ids.includes(id ?? ""), cells.length > 0);
    this.#pairView.update(this.pair, {
      cellColors: /^(auto|cell)$/.test(model.get("color_by")) ? PAIR_COLORS : null,
      byDirection: model.get("synapse_color") === "direction",
      theme: this.#theme,
      missing:
        directions === "both"
          ? ""
          : `${directions === "none" ? "No synapses" : `Only ${directions} of A`} are drawn. ` +
            'Choose "both" under "Synapses" to see all.',
    });
    this.table.mark(id);
  }

  /** Lights up partners that the pointer is on in a linked widget: one cell, or a pair. */
  light(ids: readonly RootId[]): void {
    this.table.light(ids);
    const [pre, post] = ids;
    if (!pre) this.#lit = [];
    else if (!post) this.#lit = this.table.synapsesOf(pre);
    else {
      const from = this.#cells.some(({ id }) => id === pre);
      this.#lit = this.table
        .synapsesOf(from ? post : pre)
        .filter(
          (synapse) =>
            synapse.cell.id === (from ? pre : post) &&
            directionOf(synapse) === (from ? "output" : "input"),
        );
    }
  }
}
