// The line between the picture and the table below it, which is dragged or moved with arrow keys.
import { h, listen } from "../../shared/dom";

const STEP = 24;
const LEAST = 96;
/** What is always left for the picture. */
const PICTURE = 0.45;

/** A divider that sets the height of the panel below it, inside the widget around it. */
export function divider(panel: HTMLElement): HTMLElement {
  const el = h("div", {
    class: "skp-divider",
    role: "separator",
    tabindex: 0,
    "aria-orientation": "horizontal",
    "aria-label": "Height of the partner table",
    "aria-valuemin": LEAST,
    "aria-valuemax": 600,
    "aria-valuenow": 230,
    title: "Drag to change the height",
  });
  const resize = (height: number) => {
    const root = panel.parentElement;
    const picture = root?.querySelector<HTMLElement>(".skv-main");
    if (!root || !picture) return;
    // In a widget of given height the table takes its room from the picture.
    const given = getComputedStyle(root).getPropertyValue("--mw-part-height") !== "";
    const spare = picture.offsetHeight - PICTURE * root.offsetHeight;
    const most = given ? Math.max(LEAST, panel.offsetHeight + spare) : 600;
    const value = Math.round(Math.max(LEAST, Math.min(most, height)));
    panel.style.setProperty("--skp-height", `${value}px`);
    el.setAttribute("aria-valuenow", String(value));
  };
  let dragged: { y: number; height: number } | null = null;
  listen(el, "pointerdown", (event) => {
    dragged = { y: event.clientY, height: panel.offsetHeight };
    el.setPointerCapture(event.pointerId);
    event.preventDefault();
    el.focus();
  });
  listen(el, "pointermove", (event) => {
    if (dragged) resize(dragged.height + dragged.y - event.clientY);
  });
  for (const end of ["pointerup", "pointercancel"] as const)
    listen(el, end, () => (dragged = null));
  listen(el, "keydown", (event) => {
    const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (by === undefined || event.altKey) return;
    resize(panel.offsetHeight + by);
    event.preventDefault();
  });
  return el;
}
