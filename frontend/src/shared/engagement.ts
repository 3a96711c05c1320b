// Whether a picture has been clicked or tapped. Until then, the wheel and swipes up and down belong
// to the page around it, which must keep scrolling when the pointer merely passes over the picture.
import { listen } from "./dom";

export interface Engagement {
  readonly engaged: boolean;
  /** Whether a turn of the wheel is meant for the picture: Ctrl and a touchpad's pinch always are. */
  takes(event: WheelEvent): boolean;
  stop(): void;
}

/** A press that moves less than this many pixels is a tap. */
const STILL = 8;

/**
 * Watches a picture, and says when this changes.
 *
 * A mouse engages it by a press, until it leaves; a finger by a tap or a swipe that the page has
 * not taken, until the page is touched elsewhere. Escape ends it too. The focus does not count: it
 * stays after the pointer has left, and notebooks remove it after a click.
 */
export function watchEngagement(
  picture: HTMLElement,
  changed: (engaged: boolean) => void = () => {},
): Engagement {
  let engaged = false;
  const set = (now: boolean) => {
    if (engaged === now) return;
    engaged = now;
    changed(now);
  };
  const isTouch = (event: PointerEvent) => event.pointerType === "touch";
  const elsewhere = (event: Event) => {
    if (!event.composedPath().includes(picture)) set(false);
  };
  document.addEventListener("pointerdown", elsewhere, { capture: true, passive: true });
  let start: { x: number; y: number } | null = null;
  const stops = [
    listen(picture, "pointerdown", (event) => {
      start = { x: event.clientX, y: event.clientY };
      if (!isTouch(event) && event.button === 0) set(true);
    }),
    // A swipe that scrolls the page ends with pointercancel instead.
    listen(picture, "pointerup", (event) => {
      const far = start && Math.abs(event.clientY - start.y) > STILL;
      const sideways = start && Math.abs(event.clientX - start.x) > STILL;
      if (isTouch(event) && (!far || sideways)) set(true);
    }),
    listen(picture, "pointerleave", (event) => {
      if (!isTouch(event) && event.buttons === 0) set(false);
    }),
    listen(picture, "keydown", (event) => {
      if (event.key === "Escape") set(false);
    }),
    () => document.removeEventListener("pointerdown", elsewhere, { capture: true }),
  ];
  return {
    get engaged() {
      return engaged;
    },
    takes: (event) => engaged || event.ctrlKey || event.metaKey,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
