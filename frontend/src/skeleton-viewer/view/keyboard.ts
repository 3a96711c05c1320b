// Translates keys on the stage into actions.

import { CAMERA_VIEWS } from "../../shared/contract";
import { listen } from "../../shared/dom";
import type { View } from "../render/camera";

export interface Keys {
  drag(dx: number, dy: number, other: boolean): void;
  zoom(factor: number): void;
  view(view: View): void;
  whole(): void;
  step(by: 1 | -1): void;
  choose(): void;
  clear(): void;
}

const STEP = 24;
const FACTOR = 1.25;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

export function watchKeys(stage: HTMLElement, keys: Keys): () => void {
  const acts: Record<string, () => void> = {
    "+": () => keys.zoom(FACTOR),
    "=": () => keys.zoom(FACTOR),
    "-": () => keys.zoom(1 / FACTOR),
    "0": keys.whole,
    Home: keys.whole,
    n: () => keys.step(1),
    p: () => keys.step(-1),
    Enter: keys.choose,
    Escape: keys.clear,
  };
  CAMERA_VIEWS.forEach((view, place) => {
    acts[String(place + 1)] = () => keys.view(view);
  });
  return listen(stage, "keydown", (event) => {
    if (event.target !== stage || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const act = arrow ? () => keys.drag(...arrow, event.shiftKey) : acts[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  });
}
