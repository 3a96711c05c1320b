// Play and pause, the slider of the time, the speed, and what is rarely needed.
import { h, listen } from "../../shared/dom";
import type { Store } from "../store";
import { seconds } from "./words";

const SPEEDS = [0.5, 1, 2, 4, 8];

export interface TransportActions {
  undo(): void;
  reset(): void;
}

export class Transport {
  readonly element: HTMLElement;
  /** Called when the last time has been reached. */
  ended: () => void = () => {};
  readonly #store: Store;
  readonly #play = h("button", { type: "button", class: "ap-play" });
  readonly #range = h("input", { type: "range", min: 0, step: "any", "aria-label": "Time" });
  readonly #time = h("output", { class: "ap-time" });
  readonly #speed = h("select", {});
  readonly #undo = h("button", { type: "button", title: "Undo (Ctrl+Z)" }, "Undo");
  #frame = 0;
  #last = 0;

  constructor(store: Store, actions: TransportActions, more: HTMLElement) {
    this.#store = store;
    const reset = h("button", { type: "button", title: "All settings as at first" }, "Reset");
    this.element = h(
      "div",
      { class: "ap-bar" },
      this.#play,
      this.#range,
      this.#time,
      h("label", {}, h("span", {}, "speed"), this.#speed),
      h("span", { class: "ap-buttons" }, this.#undo, reset, more),
    );
    listen(this.#play, "click", () => this.toggle());
    listen(this.#range, "input", () => store.show(Number(this.#range.value), false));
    listen(this.#range, "change", () => store.show(Number(this.#range.value), true));
    listen(this.#range, "keydown", (event) => this.#key(event));
    listen(this.#speed, "change", () => store.set({ speed: Number(this.#speed.value) }));
    listen(this.#undo, "click", actions.undo);
    listen(reset, "click", actions.reset);
    store.signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame));
  }

  // The native steps of a slider without steps are a hundredth of its range or less.
  #key(event: KeyboardEvent): void {
    const { dt } = this.#store.get("fixed");
    const steps: Record<string, number> = {
      ArrowLeft: -10,
      ArrowRight: 10,
      PageDown: -100,
      PageUp: 100,
    };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#store.show(this.#store.time + by * dt * (event.shiftKey ? 0.1 : 1), true);
  }

  /** Plays from the start again if the end has been reached. */
  toggle(): void {
    const store = this.#store;
    const playing = !store.get("playing");
    if (playing && store.time >= store.lastTime - 1e-9) store.show(0, true);
    store.set({ playing });
    if (!playing) store.show(store.time, true);
  }

  draw(canUndo: boolean): void {
    const store = this.#store;
    const playing = store.get("playing");
    this.#play.textContent = playing ? "❙❙ Pause" : "▶ Play";
    this.#undo.disabled = !canUndo;
    const speed = store.get("speed");
    const speeds = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((a, b) => a - b);
    this.#speed.replaceChildren(
      ...speeds.map((one) => h("option", { value: one, selected: one === speed }, `× ${one}`)),
    );
    this.#range.max = String(store.lastTime);
    this.drawTime();
    if (playing) this.#start();
  }

  drawTime(): void {
    const { time } = this.#store;
    this.#range.value = String(time);
    this.#range.setAttribute("aria-valuetext", seconds(time));
    this.#time.textContent = seconds(time);
  }

  #start(): void {
    if (this.#frame) return;
    this.#last = performance.now();
    const next = (now: number) => {
      this.#frame = 0;
      const store = this.#store;
      if (!store.get("playing") || store.signal.aborted) return;
      const passed = Math.max(0, Math.min((now - this.#last) / 1000, 0.25));
      this.#last = now;
      const time = store.time + passed * store.get("speed");
      const end = time >= store.lastTime;
      store.show(time, end);
      if (end) {
        store.set({ playing: false });
        this.ended();
      } else this.#frame = requestAnimationFrame(next);
    };
    this.#frame = requestAnimationFrame(next);
  }
}
