// A whole viewer on the page, with helpers for tests.
import { expect, vi } from "vitest";
import { renderStatic, StaticModel } from "../../src/shared/static-model";
import widget from "../../src/skeleton-viewer";
import type { State } from "../../src/skeleton-viewer/state";
import { state, until } from "./sample-cells";

export type ShownViewer = Awaited<ReturnType<typeof show>>;

/** A viewer with a width in pixels. */
export async function show(changes: Partial<State> = {}, width = 900) {
  const el = document.createElement("div");
  el.style.width = `${width}px`;
  document.body.append(el);
  const model = new StaticModel<State>(state(changes));
  const unmount = await renderStatic(widget as never, model, el);
  const stage = el.querySelector<HTMLElement>(".skv-stage") as HTMLElement;
  const text = (selector: string) => el.querySelector(selector)?.textContent ?? "";
  return {
    el,
    model,
    stage,
    text,
    find: <E extends HTMLElement = HTMLElement>(selector: string) =>
      el.querySelector<E>(selector) as E,
    /** Presses a key in the picture. */
    press: (key: string, more: KeyboardEventInit = {}) =>
      stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more })),
    /** A pointer's event in the picture; by default its first button is down. */
    pointer: (type: string, x: number, y: number, more: PointerEventInit = {}) => {
      const { left, top } = stage.getBoundingClientRect();
      const at = { clientX: left + x, clientY: top + y };
      const usual = { pointerId: 1, bubbles: true, buttons: 1 };
      stage.dispatchEvent(new PointerEvent(type, { ...usual, ...at, ...more }));
    },
    /** Waits until its skeleton is shown. */
    ready: () => until(() => expect(text(".skv-summary")).toMatch(/cable/)),
    end: () => {
      unmount();
      el.remove();
    },
  };
}

/** The file that a button of a viewer's export menu saves. */
export async function savedFile(viewer: ShownViewer, name: string): Promise<Blob> {
  const blobs: Blob[] = [];
  const make = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return "data:,";
  });
  viewer.find<HTMLButtonElement>(`[data-export=${name}]`).click();
  await vi.waitFor(() => expect(blobs.length).toBe(1), { timeout: 20_000 });
  make.mockRestore();
  return blobs[0] as Blob;
}
