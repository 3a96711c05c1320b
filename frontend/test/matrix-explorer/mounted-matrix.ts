// A whole matrix explorer on the page, with helpers for tests.
import { afterEach, beforeEach, expect, vi } from "vitest";
import widget from "../../src/matrix-explorer/index";
import type { State } from "../../src/matrix-explorer/state";
import { type Answers, renderStatic, type StaticModel } from "../../src/shared/static-model";
import { packed, smallModel } from "./small-matrix";

/** The explorer's place on the page, a new one for each test. */
export let el: HTMLElement;
let unmount: (() => void) | undefined;

beforeEach(() => {
  el = document.createElement("div");
  el.style.width = "800px";
  document.body.append(el);
});

afterEach(() => {
  takeAway();
  el.remove();
});

/** Shows a model, which may have no data yet. */
export async function show(model: StaticModel<State>): Promise<void> {
  unmount = await renderStatic(widget, model, el);
}

/** Shows the small matrix and waits for its picture. */
export async function mounted(
  state: Partial<State> = {},
  answers: Answers = {},
): Promise<StaticModel<State>> {
  const model = smallModel({ data: await packed(), ...state }, answers);
  await show(model);
  await vi.waitFor(() => expect(find(".mx-plot canvas")).toBeTruthy());
  return model;
}

export function takeAway(): void {
  unmount?.();
  unmount = undefined;
}

export const find = <E extends HTMLElement>(selector: string) => el.querySelector(selector) as E;
export const text = (selector: string) => find(selector)?.textContent ?? "";

/** Waits until what has changed is drawn. */
export async function frames(): Promise<void> {
  for (let k = 0; k < 2; k++) await new Promise(requestAnimationFrame);
}
