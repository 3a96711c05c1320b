// The line between the picture and the table below it.
import { divider } from "../../shared/divider";

const STEP = 24;
const LEAST = 96;
/** What is always left for the picture. */
const PICTURE = 120;
/** The limit where the widget grows with its table. */
const MOST = 600;

/** A divider that sets the height of the panel below it, inside the widget around it. */
export function tableDivider(panel: HTMLElement): HTMLElement {
  let before = 0;
  const picture = () => panel.parentElement?.querySelector<HTMLElement>(".skv-main");
  const most = () => {
    // In a widget of given height the table takes its room from the picture.
    const given = getComputedStyle(panel).getPropertyValue("--mw-part-height") !== "";
    const spare = (picture()?.offsetHeight ?? 0) - PICTURE;
    return given ? Math.max(LEAST, panel.offsetHeight + spare) : MOST;
  };
  const set = (height: string, least: string) => {
    panel.style.setProperty("--skp-height", height);
    picture()?.style.setProperty("min-height", least);
  };
  const resize = (height: number) =>
    set(`${Math.round(Math.max(LEAST, Math.min(most(), height)))}px`, `${PICTURE}px`);
  const el = divider(
    false,
    {
      class: "skp-divider",
      "aria-label": "Height of the partner table",
      "aria-valuemin": String(LEAST),
      title: "Drag to change the height; double click to reset it",
    },
    {
      start() {
        before = panel.offsetHeight;
      },
      drag: (_dx, dy) => resize(before - dy),
      step: (steps) => resize(panel.offsetHeight + STEP * steps),
      reset: () => set("", ""),
    },
  );
  new ResizeObserver(() => {
    el.setAttribute("aria-valuenow", String(panel.offsetHeight));
    el.setAttribute("aria-valuemax", String(most()));
  }).observe(panel);
  return el;
}
