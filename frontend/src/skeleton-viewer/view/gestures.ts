// Translates mouse, touch and pen on the stage into gestures.
//
// A finger that has not tapped the picture rotates it by swipes to the side; swipes up and down
// scroll the page, so that nobody is trapped on a phone. After a tap one finger rotates freely,
// until the page is touched elsewhere. Two fingers always pan and zoom. The style sheet tells the
// browser which swipes are its own (touch-action).
import { listen } from "../../shared/dom";
import { watchEngagement } from "../../shared/engagement";

export interface Gestures {
  /** A drag in pixels; `other`: with another button, a modifier key or two fingers. */
  drag(dx: number, dy: number, other: boolean): void;
  zoom(factor: number, x: number, y: number): void;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
  center(x: number, y: number): void;
  /** The page scrolls although the pointer is on the picture. */
  scrolledPast(touch: boolean): void;
  /** The picture now takes the wheel and all swipes, or no longer does. */
  engaged(now: boolean): void;
}

/** A press that moves less than this many pixels is a click. */
const STILL = 4;

export function watchGestures(stage: HTMLElement, gestures: Gestures): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  let start = { x: 0, y: 0 };
  // As the browser does, decided once for a press; undefined until then.
  let yields: boolean | undefined;
  const engagement = watchEngagement(stage, gestures.engaged);
  // Notes and buttons over the picture keep the pointer to themselves.
  const onPicture = ({ target }: Event) => target === stage || target instanceof HTMLCanvasElement;
  const place = (event: MouseEvent) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const spread = () => {
    const [a, b] = [...pointers.values()];
    if (!a || !b) return { distance: 0, x: 0, y: 0 };
    const distance = Math.hypot(a.x - b.x, a.y - b.y);
    return { distance, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  // Whether a swipe scrolls the page: its first movements come here before the page takes it.
  const scrolls = ({ pointerType }: PointerEvent, { x, y }: { x: number; y: number }) =>
    pointerType === "touch" && !engagement.engaged && Math.abs(y - start.y) > Math.abs(x - start.x);
  const stops = [
    listen(stage, "pointerdown", (event) => {
      if (!onPicture(event)) return;
      start = place(event);
      pointers.set(event.pointerId, start);
      travelled = 0;
      // Two fingers never scroll the page, nor does the one that stays.
      yields = pointers.size > 1 ? false : undefined;
      try {
        stage.setPointerCapture(event.pointerId);
      } catch {
        // The pointer has left already, or a script created it: moves outside are not noticed.
      }
    }),
    listen(stage, "pointermove", (event) => {
      const now = place(event);
      const before = pointers.get(event.pointerId);
      if (!before) {
        if (onPicture(event)) gestures.hover(now.x, now.y);
        else gestures.leave();
        return;
      }
      const pinched = spread();
      pointers.set(event.pointerId, now);
      const [dx, dy] = [now.x - before.x, now.y - before.y];
      travelled += Math.hypot(dx, dy);
      if (pointers.size > 1) {
        const after = spread();
        if (pinched.distance > 0) {
          gestures.zoom(after.distance / pinched.distance, after.x, after.y);
        }
        gestures.drag(after.x - pinched.x, after.y - pinched.y, true);
      } else if (travelled >= STILL) {
        yields ??= scrolls(event, now);
        if (!yields) gestures.drag(dx, dy, event.buttons !== 1 || event.shiftKey || event.ctrlKey);
      }
    }),
    listen(stage, "pointerup", (event) => {
      const pressed = pointers.delete(event.pointerId);
      const { x, y } = place(event);
      if (pressed && travelled < STILL && event.button === 0 && pointers.size === 0) {
        gestures.click(x, y);
      }
    }),
    listen(stage, "pointercancel", (event) => {
      const taken = pointers.delete(event.pointerId);
      if (taken && event.pointerType === "touch") gestures.scrolledPast(true);
    }),
    listen(stage, "pointerleave", () => gestures.leave()),
    listen(stage, "contextmenu", (event) => {
      if (onPicture(event)) event.preventDefault();
    }),
    listen(stage, "dblclick", (event) => {
      if (!onPicture(event)) return;
      const { x, y } = place(event);
      gestures.center(x, y);
    }),
    listen(
      stage,
      "wheel",
      (event) => {
        if (!onPicture(event)) return;
        if (!engagement.takes(event)) {
          gestures.scrolledPast(false);
          return;
        }
        event.preventDefault();
        // Lines in Firefox, pixels elsewhere; a touchpad's pinch has ctrlKey set and small steps.
        const pixels = event.deltaY * (event.deltaMode === 1 ? 18 : 1) * (event.ctrlKey ? 4 : 1);
        const { x, y } = place(event);
        gestures.zoom(1.0016 ** -Math.max(-400, Math.min(400, pixels)), x, y);
      },
      { passive: false },
    ),
    engagement.stop,
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
