// Cells of the sample, written by tests/viewer_fixture.py, and Python's results for them.
import { expect, vi } from "vitest";
import { renderStatic, StaticModel } from "../../src/shared/static-model";
import widget from "../../src/skeleton-viewer";
import type { Cell } from "../../src/skeleton-viewer/data/cell";
import { Loader } from "../../src/skeleton-viewer/data/cell-loader";
import type { State } from "../../src/skeleton-viewer/state";
import content from "../fixtures/viewer.json";

export const { expected } = content;

/** The traits, with bytes as views that begin inside their buffer. */
export function state(changes: Partial<State> = {}): State {
  return { ...(bytes(content.state) as State), ...changes };
}

function bytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bytes);
  if (typeof value !== "object" || value === null) return value;
  if ("$base64" in value) {
    const text = atob(String(value.$base64));
    const block = new Uint8Array(text.length + 3);
    for (let i = 0; i < text.length; i++) block[i + 3] = text.charCodeAt(i);
    return new DataView(block.buffer, 3);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bytes(inner)]));
}

/** The cell with a skeleton, and the one without. */
export async function load(): Promise<[Cell, Cell]> {
  const model = new StaticModel(state());
  const { world, cells } = state();
  return new Promise((resolve) => {
    const loader = new Loader(
      model,
      world,
      () => {
        const { entries } = loader ?? { entries: [] };
        if (entries.some(({ status }) => !/ready|missing/.test(status))) return;
        resolve(entries.map(({ cell }) => cell) as [Cell, Cell]);
      },
      new AbortController().signal,
    );
    loader.show(cells);
  });
}

/** Waits until a condition holds, long enough for a busy machine. */
export function until(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { timeout: 20_000 });
}

/** A viewer on the page, with a width in pixels. */
export async function show(changes: Partial<State> = {}, width = 900) {
  const el = document.createElement("div");
  el.style.width = `${width}px`;
  document.body.append(el);
  const model = new StaticModel<State>(state(changes));
  const unmount = await renderStatic(widget as never, model, el);
  return {
    el,
    model,
    stage: el.querySelector<HTMLElement>(".skv-stage") as HTMLElement,
    find: <E extends HTMLElement = HTMLElement>(selector: string) =>
      el.querySelector<E>(selector) as E,
    end: () => {
      unmount();
      el.remove();
    },
  };
}

/** The file that a button of a viewer's export menu saves. */
export async function savedFile(
  viewer: Awaited<ReturnType<typeof show>>,
  name: string,
): Promise<Blob> {
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
