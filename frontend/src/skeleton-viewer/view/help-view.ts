// What the mouse, fingers and keys do, behind a button.
import { h } from "../../shared/dom";
import { dropDown } from "./drop-down";

type Lines = readonly (readonly [string, string])[];

const MOUSE: Lines = [
  ["drag", "rotate (3D) or pan"],
  ["Shift and drag, or right button", "pan"],
  ["click the picture, then wheel", "zoom"],
  ["Ctrl and wheel", "zoom"],
  ["double click", "centre"],
  ["click a synapse", "choose its partner"],
];
const FINGERS: Lines = [
  ["tap the picture, then one finger", "rotate (3D) or pan"],
  ["before that: swipe sideways", "rotate; up and down scrolls the page"],
  ["two fingers", "zoom and pan"],
  ["tap a synapse", "choose its partner"],
];
const KEYS: Lines = [
  ["arrows", "rotate (3D) or pan"],
  ["Shift and arrows", "pan"],
  ["+ −", "zoom"],
  ["0", "fit the cells into the view"],
  ["1 2 3 4", "3D, front, side, top"],
  ["n p", "next and previous synapse"],
  ["Enter", "choose the partner of the synapse"],
  ["Escape", "clear it; give the wheel back to the page"],
];

export function helpView(): HTMLDetailsElement {
  return dropDown(
    "skv-help",
    "?",
    { title: "Mouse, touch and keys", "aria-label": "Help: mouse, touch and keys" },
    list("Mouse", MOUSE, "skv-for-mouse"),
    list("Touch", FINGERS, "skv-for-touch"),
    list("Keys, once the picture has the focus", KEYS, "skv-for-mouse"),
  );
}

function list(title: string, lines: Lines, kind: string): HTMLElement {
  const rows = lines.flatMap(([what, does]) => [h("dt", {}, what), h("dd", {}, does)]);
  return h("div", { class: kind }, h("h4", {}, title), h("dl", {}, ...rows));
}
