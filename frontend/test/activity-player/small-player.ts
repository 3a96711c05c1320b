// The networks of tests/player_fixture.py, and a whole player of them on the page.
import { afterEach, beforeEach, expect, vi } from "vitest";
import { type Networks, readNetworks } from "../../src/activity-player/data/networks";
import widget from "../../src/activity-player/index";
import type { State } from "../../src/activity-player/state";
import { type Answers, renderStatic, StaticModel } from "../../src/shared/static-model";
import fixture from "../fixtures/player.json";

export { fixture };

export function block(): DataView {
  const bytes = Uint8Array.from(atob(fixture.data.$base64), (byte) => byte.charCodeAt(0));
  return new DataView(bytes.buffer);
}

export const networks = (): Promise<Networks> => readNetworks(block());

export const state = (change: Partial<State> = {}): State => ({
  ...(structuredClone(fixture.state) as unknown as State),
  data: block(),
  ...change,
});

/** The player's place on the page, a new one for each test. */
export let el: HTMLElement;
let unmount: (() => void) | undefined;

beforeEach(() => {
  el = document.createElement("div");
  el.style.width = "900px";
  document.body.append(el);
});

afterEach(() => {
  takeAway();
  el.remove();
});

export function takeAway(): void {
  unmount?.();
  unmount = undefined;
}

/** Shows the player and waits for its first simulation. */
export async function mounted(
  change: Partial<State> = {},
  answers: Answers = {},
): Promise<StaticModel<State>> {
  const model = new StaticModel(state(change), answers);
  unmount = await renderStatic(widget, model, el);
  await settled();
  return model;
}

/** Waits until what has been said of a simulation contains a text. */
export async function settled(text = "decay"): Promise<void> {
  await vi.waitFor(() => expect(find(".ap-status")?.textContent).toContain(text));
}

export const find = <E extends HTMLElement>(selector: string) => el.querySelector(selector) as E;

export function button(name: string): HTMLButtonElement {
  const buttons = [...el.querySelectorAll("button")];
  return buttons.find(({ textContent }) => textContent?.includes(name)) as HTMLButtonElement;
}

/** Moves a slider or fills in a field. */
export function enter(input: HTMLInputElement, value: string, event = "input"): void {
  input.value = value;
  input.dispatchEvent(new Event(event, { bubbles: true }));
}
