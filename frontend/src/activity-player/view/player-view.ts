// The whole player: buttons, one column for each network, and the controls beside them.
import { copyText } from "../../shared/clipboard";
import { PLAYER_DEFAULTS } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import { download } from "../../shared/download";
import type { Hover } from "../../shared/linked";
import type { Place } from "../../shared/mount";
import { format } from "../../shared/number-format";
import type { Theme } from "../../shared/theme";
import { TraitHistory } from "../../shared/trait-history";
import { playerPicture } from "../export/picture";
import { toPython } from "../export/python-code";
import { rampOf } from "../render/ramp";
import { highest } from "../render/traces";
import { type Setting, SIMULATED, type State } from "../state";
import type { Store } from "../store";
import { ControlsView } from "./controls-view";
import { NetworkView } from "./network-view";
import { Transport } from "./transport";
import { grows, summary } from "./words";

const UNDONE = [...SIMULATED, "cell"] as const satisfies readonly Setting[];
const HELP =
  "Space plays and pauses. On the map, a click chooses a cell; drag a line around cells to " +
  "stimulate them (with Shift, in addition). Dragging over the curves goes through time. " +
  "By keyboard, ↑ and ↓ on the rows go from cell to cell, Enter chooses one, and s stimulates it.";

export class PlayerView {
  readonly element = h("div", { class: "ap" });
  readonly #store: Store;
  readonly #networks: NetworkView[];
  readonly #transport: Transport;
  readonly #controls: ControlsView;
  readonly #history: TraitHistory<State>;
  readonly #status = h("p", { class: "ap-status", role: "status" });
  readonly #progress = h("progress", { max: 1, "aria-label": "Simulation", hidden: true });
  readonly #scale = h("div", { class: "ap-scale" });
  readonly #initial: Partial<State>;
  #frame = 0;
  #described: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, { model, signal }: Place<State>, hover: Hover) {
    this.#store = store;
    this.#initial = {
      ...(structuredClone(PLAYER_DEFAULTS) as unknown as Partial<State>),
      stimulus_times: store.get("stimulus_times"),
      cell: store.get("cell"),
    };
    this.#networks = store.get("labels").map((_, place) => new NetworkView(store, place));
    this.#history = new TraitHistory<State>(model, UNDONE, () => this.#drawBar(), signal);
    const lasso = this.#lassoButton();
    this.#controls = new ControlsView(store, lasso);
    this.#transport = new Transport(
      store,
      { undo: () => this.#history.go(-1), reset: () => store.set(this.#initial) },
      this.#more(),
    );
    this.#transport.ended = () => store.say(`Played to the end. ${summary(store)}`);
    const networks = h("div", { class: "ap-networks" }, ...this.#networks.map((n) => n.element));
    this.element.append(
      h(
        "div",
        { class: "ap-frame", role: "group", "aria-label": "Activity player" },
        this.#transport.element,
        h("div", { class: "ap-line-below" }, this.#status, this.#progress),
        h(
          "div",
          { class: "ap-body" },
          h("div", { class: "ap-main" }, networks, this.#scale),
          this.#controls.element,
        ),
        h("p", { class: "ap-caption" }, store.get("source")),
      ),
    );
    this.#listen(networks, hover, signal);
    this.#begin();
  }

  setTheme(theme: Theme): void {
    this.#store.theme = theme;
    this.element.dataset.theme = theme;
    this.#controls.setTheme();
    this.#drawBar();
    this.#drawAll();
  }

  #begin(): void {
    const store = this.#store;
    void store.simulate();
    if (store.get("playing") && matchMedia("(prefers-reduced-motion: reduce)").matches) {
      store.set({ playing: false });
      store.say("It does not play by itself, since your system asks for less motion.");
    }
  }

  #listen(networks: HTMLElement, hover: Hover, signal: AbortSignal): void {
    const store = this.#store;
    store.on((change) => {
      if (change === "runs") {
        this.#drawAll();
        this.#controls.draw();
        store.say([store.trouble, summary(store)].filter(Boolean).join(" "));
      } else if (change === "time") this.#schedule();
      else if (change === "choice") {
        hover(store.hovered < 0 ? [] : [store.cells.ids.at(store.hovered)]);
        this.#schedule();
        this.#controls.draw();
      } else if (change === "settings") {
        this.#drawBar();
        this.#controls.draw();
        this.#describeLater();
      } else if (change === "status") this.#drawStatus();
      else this.#drawProgress();
    });
    listen(this.element, "keydown", (event) => this.#key(event));
    const sizes = new ResizeObserver(() => this.#drawAll());
    sizes.observe(networks);
    signal.addEventListener("abort", () => {
      sizes.disconnect();
      cancelAnimationFrame(this.#frame);
      clearTimeout(this.#described);
      hover([]);
    });
  }

  #drawStatus(): void {
    this.#status.textContent = this.#store.status;
    const unstable = grows(this.#store);
    this.#status.classList.toggle("ap-warning", unstable || this.#store.trouble !== "");
  }

  #drawProgress(): void {
    const { progress } = this.#store;
    this.#progress.hidden = progress === null;
    this.#progress.value = progress ?? 1;
  }

  #drawBar(): void {
    this.#transport.draw(this.#history.canGo(-1));
  }

  #drawAll(): void {
    const store = this.#store;
    if (store.results.length === 0) return;
    const top = highest(store.results);
    for (const network of this.#networks) network.draw(top);
    const { css } = rampOf(store.theme);
    this.#scale.replaceChildren(
      "rate 0 ",
      h("i", { style: `background:linear-gradient(to right,${css.join(",")})` }),
      ` ${format(store.brightest)} or more (unit of the stimulus); ● excitatory, ■ inhibitory`,
    );
  }

  /** Draws what changes with time in the next frame. */
  #schedule(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      for (const network of this.#networks) network.paint();
      this.#transport.drawTime();
      this.#describeLater();
    });
  }

  // Text for screen readers changes at rest only.
  #describeLater(): void {
    const playing = this.#store.get("playing");
    // While it plays, it is always too early: the numbers change at intervals.
    if (playing && this.#described !== undefined) return;
    clearTimeout(this.#described);
    const wait = playing ? 250 : 80;
    this.#described = setTimeout(() => {
      this.#described = undefined;
      this.#controls.drawNumbers();
      if (!this.#store.get("playing")) for (const network of this.#networks) network.describe();
    }, wait);
  }

  #key(event: KeyboardEvent): void {
    const { target } = event;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y")) {
      event.preventDefault();
      this.#history.go(key === "y" || event.shiftKey ? 1 : -1);
    } else if (key === "escape") {
      for (const network of this.#networks) network.cancel();
    } else if (key === " " && target instanceof HTMLElement && !isPressed(target)) {
      event.preventDefault();
      this.#transport.toggle();
    }
  }

  #lassoButton(): HTMLElement {
    const title = "Draw a line around cells on a map; with a mouse this works at any time";
    const button = h(
      "button",
      { type: "button", "aria-pressed": "false", title },
      "Draw around cells",
    );
    listen(button, "click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      for (const { map } of this.#networks) map.canvas.toggleAttribute("data-lasso", on);
      if (!on) return;
      // On a phone the maps are a screen above this button.
      this.#networks[0]?.map.canvas.scrollIntoView({ block: "nearest" });
      this.#store.say("Draw a line around cells on a map.");
    });
    return button;
  }

  #more(): HTMLElement {
    const store = this.#store;
    const copy = h("button", { type: "button" }, "Copy as Python");
    const code = h("code", {});
    listen(copy, "click", async () => {
      const line = toPython((name) => store.get(name));
      store.say((await copyText(line)) ? `Copied: ${line}` : "The browser does not allow copying.");
      code.textContent = line;
    });
    const picture = h("button", { type: "button" }, "Picture (PNG)");
    listen(picture, "click", async () => {
      const blob = await playerPicture(store, this.#networks, summary(store));
      if (blob) download("activity.png", blob);
    });
    return h(
      "details",
      { class: "ap-export" },
      h("summary", {}, "More"),
      h("div", { class: "ap-menu" }, copy, code, picture, h("p", {}, HELP)),
    );
  }
}

/** Whether the space bar has a meaning of its own on an element. */
function isPressed(element: HTMLElement): boolean {
  const { tagName } = element;
  const typed = element instanceof HTMLInputElement && element.type !== "range";
  return typed || ["BUTTON", "SELECT", "SUMMARY", "TEXTAREA"].includes(tagName);
}
