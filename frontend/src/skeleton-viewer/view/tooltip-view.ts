// The tooltip beside the pointer, and its announcement for screen readers.
import { h } from "../../shared/dom";

export class TooltipView {
  readonly el = h("div", { class: "skv-tip", hidden: true });
  readonly announcement = h("div", { class: "skv-aloud", "aria-live": "polite" });

  show(lines: readonly [string, string][], x: number, y: number, announced = false): void {
    this.el.replaceChildren(
      ...lines.map(([name, value]) => h("div", {}, h("b", {}, name), ` ${value}`)),
    );
    this.el.hidden = false;
    const stage = this.el.parentElement;
    if (stage) {
      const left =
        x + 14 + this.el.offsetWidth > stage.clientWidth ? x - 14 - this.el.offsetWidth : x + 14;
      const top = Math.min(y + 14, stage.clientHeight - this.el.offsetHeight - 4);
      this.el.style.left = `${Math.max(2, left)}px`;
      this.el.style.top = `${Math.max(2, top)}px`;
    }
    if (announced) this.announcement.textContent = lines.map((line) => line.join(" ")).join(", ");
  }

  hide(): void {
    this.el.hidden = true;
  }
}
