// Full screen, or, where a page may not have it (a frame without permission), the whole frame.
import { listen } from "../shared/dom";

export class FullScreen {
  changed: (full: boolean) => void = () => {};
  readonly #root: HTMLElement;

  constructor(root: HTMLElement, signal: AbortSignal) {
    this.#root = root;
    listen(document, "fullscreenchange" as "click", () => this.#show(), { signal });
    signal.addEventListener("abort", () => {
      if (document.fullscreenElement === root) void document.exitFullscreen();
    });
  }

  async toggle(): Promise<void> {
    if (this.leaveFixed()) return;
    if (document.fullscreenElement === this.#root) return document.exitFullscreen();
    try {
      await this.#root.requestFullscreen();
    } catch {
      this.#root.dataset.fixed = "";
      this.#show();
    }
  }

  /** Leaves the whole frame; returns whether it was taken up. */
  leaveFixed(): boolean {
    if (!("fixed" in this.#root.dataset)) return false;
    delete this.#root.dataset.fixed;
    this.#show();
    return true;
  }

  #show(): void {
    const full = document.fullscreenElement === this.#root || "fixed" in this.#root.dataset;
    this.#root.toggleAttribute("data-full", full);
    this.changed(full);
  }
}
