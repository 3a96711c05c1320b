// The frame around the parts: columns or tabs, one part enlarged, full screen, and the bar.
import type { AnyModel } from "@anywidget/types";
import { copyText } from "../shared/clipboard";
import { h, listen } from "../shared/dom";
import type { RootId } from "../shared/root-ids";
import { watchTraits } from "../shared/traits";
import { Bar } from "./bar";
import { type Columns, dividers } from "./columns";
import { FullScreen } from "./full-screen";
import { icon } from "./icons";
import { type Models, modelOf, PARTS, type Part, showIn } from "./parts";
import { Popover } from "./popover";
import { type Settings, stateCode, stateOf } from "./state";
import { Tabs } from "./tabs";

/** Below this width the parts are tabs: as columns, none of them could be used. */
export const NARROWEST_FOR_COLUMNS = 840;
const TITLES: Record<Part, string> = { picker: "Cells", viewer: "Neuron", matrix: "Matrix" };
const SEEN: Record<Part, readonly string[]> = {
  picker: ["value"],
  viewer: ["cells", "partner"],
  matrix: ["pair", "cell"],
};

let shells = 0;

export class Shell {
  readonly root = h("section", { class: "mwx", "aria-label": "Explorer" });
  /** Where the parts are shown. */
  readonly panes: Record<Part, HTMLElement>;
  readonly #model: AnyModel;
  readonly #signal: AbortSignal;
  readonly #sections: Record<Part, HTMLElement>;
  readonly #enlargers: Record<Part, HTMLButtonElement>;
  readonly #grid = h("div", { class: "mwx-parts" });
  readonly #bar: Bar;
  readonly #tabs: Tabs;
  readonly #full: FullScreen;
  readonly #token: Popover;
  #tokenShown = false;

  constructor(model: AnyModel, signal: AbortSignal) {
    this.#model = model;
    this.#signal = signal;
    shells += 1;
    const id = (part: string) => `mwx-${shells}-${part}`;
    this.panes = each(() => h("div", { class: "mwx-pane" }));
    this.#enlargers = each((part) => this.#enlarger(part));
    this.#sections = each((part) =>
      h(
        "section",
        { class: "mwx-part", "data-part": part, id: id(part), "aria-label": TITLES[part] },
        h("header", {}, h("h3", {}, TITLES[part]), this.#enlargers[part]),
        this.panes[part],
      ),
    );
    this.#tabs = new Tabs(TITLES, this.#sections, id);
    this.#full = new FullScreen(this.root, signal);
    this.#token = new Popover("CAVE token", () => this.#showToken());
    this.#bar = new Bar(this.#tabs.el, {
      full: () => this.#full.toggle(),
      copy: () => this.#copyCode(),
      token: model.get("panel") ? this.#token.button : null,
    });
    this.#full.changed = (full) => this.#bar.showFull(full);

    const between = dividers(
      this.#grid,
      () => model.get("columns") as Columns,
      (columns) => between.show(columns),
      (columns) => this.#set("columns", columns),
    );
    const [first, second] = between.elements as [HTMLElement, HTMLElement];
    const { picker, viewer, matrix } = this.#sections;
    this.#grid.append(picker, first, viewer, second, matrix);
    this.root.append(this.#bar.el, this.#grid, this.#tabs.jump, this.#token.el);
    watchTraits(model, ["columns"], () => between.show(model.get("columns") as Columns), signal);
    between.show(model.get("columns") as Columns);
    watchTraits(model, ["enlarged", "height"], () => this.#show(), signal);
    this.#show();
    this.#watchSizes();
    listen(this.root, "keydown", (event) => this.#onKey(event), { capture: true });
  }

  /** Follows what the parts show. */
  follow(parts: Models): void {
    const state = () => {
      const pair = parts.matrix.get("pair") as [RootId, RootId] | null;
      const cell = parts.picker.get("value") as RootId | null;
      this.#bar.showChoice(cell, pair && pair[0] === cell ? pair[1] : null);
    };
    for (const part of PARTS) {
      watchTraits(parts[part], SEEN[part], () => this.#tabs.mark(part), this.#signal);
      watchTraits(parts[part], SEEN[part], state, this.#signal);
    }
    state();
    this.#code = () => {
      const model = this.#model;
      const first = model.get("start") as Settings;
      const now = stateOf({ ...parts, layout: model }, first);
      return stateCode(
        String(model.get("code_arguments")),
        Number(model.get("height")),
        first,
        now,
      );
    };
  }

  /** Shows a short message in the bar. */
  say(text: string): void {
    this.#bar.say(text);
  }

  /** Adds the button that copies a link; its work returns what to say. */
  offerLink(copy: () => Promise<string>): void {
    this.#bar.offerLink(async () => this.say(await copy()));
  }

  #code: () => string = () => "";

  async #copyCode(): Promise<void> {
    const code = this.#code();
    if (code) this.say((await copyText(code)) ? "Copied as Python." : `Copy this line: ${code}`);
  }

  #enlarger(part: Part): HTMLButtonElement {
    const button = h("button", { type: "button", class: "mwx-enlarge" });
    listen(button, "click", () =>
      this.#set("enlarged", this.#model.get("enlarged") === part ? "" : part),
    );
    return button;
  }

  #set(trait: string, value: unknown): void {
    this.#model.set(trait, value);
    this.#model.save_changes();
  }

  #show(): void {
    const enlarged = this.#model.get("enlarged") as Part | "";
    this.root.style.setProperty("--mwx-height", `${this.#model.get("height")}px`);
    this.root.dataset.enlarged = enlarged;
    for (const part of PARTS) {
      const large = part === enlarged;
      this.#sections[part].toggleAttribute("data-large", large);
      const button = this.#enlargers[part];
      button.replaceChildren(icon(large ? "back" : "enlarge"), large ? " Show all parts" : "");
      button.title = large ? "Show all parts (Escape)" : `Enlarge ${TITLES[part].toLowerCase()}`;
      button.setAttribute("aria-label", large ? "Show all parts" : button.title);
    }
  }

  #watchSizes(): void {
    // The size of the container, not of the window, which some hosts report wrongly.
    const observer = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        if (target === this.root) this.#layOut(contentRect.width);
        else setHeight(target as HTMLElement, contentRect.height);
      }
    });
    observer.observe(this.root);
    for (const part of PARTS) observer.observe(this.panes[part]);
    this.#signal.addEventListener("abort", () => observer.disconnect());
    this.#layOut(NARROWEST_FOR_COLUMNS);
  }

  #layOut(width: number): void {
    if (width === 0) return;
    const layout = width >= NARROWEST_FOR_COLUMNS ? "columns" : "tabs";
    if (this.root.dataset.layout === layout) return;
    this.root.dataset.layout = layout;
    this.#tabs.active = layout === "tabs";
  }

  #showToken(): void {
    if (this.#tokenShown) return;
    this.#tokenShown = true;
    modelOf(this.#model, "panel")
      .then((panel) => showIn(this.#token.content, panel, this.#model, this.#signal))
      .catch((error: Error) => this.say(error.message));
  }

  #onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.altKey && /^Arrow(Left|Right)$/.test(event.key)) {
      // The viewer has the history of what was chosen.
      const viewer = this.panes.viewer.querySelector<HTMLElement>(".skv");
      if (!viewer || viewer.contains(target)) return;
      event.preventDefault();
      event.stopPropagation();
      viewer.dispatchEvent(new KeyboardEvent("keydown", event));
    } else if (event.key === "Escape") {
      // Once the parts have heard it: they may have something of their own to close. None of them
      // lets a key pass further up.
      setTimeout(() => event.defaultPrevented || this.#escape());
    }
  }

  #escape(): void {
    if (this.#token.close() || this.#bar.closeMenu()) return;
    if (this.#model.get("enlarged") && this.root.dataset.layout === "columns") {
      this.#set("enlarged", "");
    } else this.#full.leaveFixed();
  }
}

function each<T>(make: (part: Part) => T): Record<Part, T> {
  return Object.fromEntries(PARTS.map((part) => [part, make(part)])) as Record<Part, T>;
}

function setHeight(pane: HTMLElement, height: number): void {
  if (height) pane.style.setProperty("--mw-part-height", `${Math.floor(height)}px`);
}
