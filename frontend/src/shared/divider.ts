// A line between two areas: dragged with mouse or finger, moved with the arrow keys, and put back by
// a double click.
import { h, listen } from "./dom";

export interface DividerActs {
  /** Called before a drag. */
  start(): void;
  /** Distance in pixels from where the drag began. */
  drag(dx: number, dy: number): void;
  /** Called after a drag. */
  settle?(): void;
  /** Moves by one step, or to an end (infinite). */
  step(steps: number): void;
  reset(): void;
}

/** `upright`: between two columns; otherwise what is below grows when it is moved up. */
export function divider(
  upright: boolean,
  attributes: Record<string, string>,
  acts: DividerActs,
): HTMLElement {
  const el = h("div", {
    role: "separator",
    tabindex: 0,
    "aria-orientation": upright ? "vertical" : "horizontal",
    ...attributes,
  });
  let first: PointerEvent | undefined;
  listen(el, "pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    el.focus();
    el.setPointerCapture(event.pointerId);
    first = event;
    acts.start();
  });
  listen(el, "pointermove", ({ clientX, clientY }) => {
    if (first) acts.drag(clientX - first.clientX, clientY - first.clientY);
  });
  for (const end of ["pointerup", "pointercancel"] as const) {
    listen(el, end, () => {
      if (first) acts.settle?.();
      first = undefined;
    });
  }
  listen(el, "dblclick", () => acts.reset());
  const [less, more] = upright ? ["ArrowLeft", "ArrowRight"] : ["ArrowDown", "ArrowUp"];
  const steps: Record<string, number> = {
    [less as string]: -1,
    [more as string]: 1,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  listen(el, "keydown", (event) => {
    const by = steps[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    acts.step(by);
  });
  return el;
}
