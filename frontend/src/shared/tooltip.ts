// A tooltip beside the pointer, inside a positioned element, and its announcement for screen readers.
import { h } from "./dom";
import "./tooltip.css";

const GAP = 14;

export class Tooltip {
  /** Goes into the positioned element that `x` and `y` refer to. */
  readonly el = h("div", { class: "mw-tip", hidden: true });
  readonly announcement = h("div", { class: "mw-aloud", "aria-live": "polite" });

  show(lines: readonly [string, string][], x: number, y: number, announced = false): void {
    this.el.replaceChildren(
      ...lines.map(([name, value]) => h("div", {}, h("b", {}, name), ` ${value}`)),
    );
    this.el.hidden = false;
    const around = this.el.parentElement;
    if (around) {
      const { offsetWidth: width, offsetHeight: height } = this.el;
      const left = x + GAP + width > around.clientWidth ? x - GAP - width : x + GAP;
      // Above the pointer where there is no room below it.
      const top = y + GAP + height > around.clientHeight ? y - GAP - height : y + GAP;
      this.el.style.left = `${Math.max(2, left)}px`;
      this.el.style.top = `${Math.max(2, top)}px`;
    }
    if (announced) this.announcement.textContent = lines.map((line) => line.join(" ")).join(", ");
  }

  hide(): void {
    this.el.hidden = true;
  }
}
