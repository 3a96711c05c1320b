// A whole picker in the page, with helpers for tests.
import { afterEach, expect, vi } from "vitest";
import widget from "../../src/cell-picker/index";
import type { State } from "../../src/cell-picker/store";
import { type Answers, renderStatic, StaticModel } from "../../src/shared/static-model";

export async function packed(): Promise<DataView> {
  const { body } = await fetch(new URL("../fixtures/picker.bin", import.meta.url));
  if (!body) throw new Error("There is no fixtures/picker.bin.");
  const stream = body.pipeThrough(new CompressionStream("gzip"));
  return new DataView(await new Response(stream).arrayBuffer());
}

export const unmounts: (() => void)[] = [];

afterEach(() => {
  for (const unmount of unmounts.splice(0)) unmount();
  document.body.replaceChildren();
});

/** A picker as it is at first, without its table. */
export const EMPTY: State = {
  value: null,
  selected: [],
  filters: {},
  left_out: [],
  layers: [],
  data: null,
};

export function newModel(state: Partial<State> = {}, answers: Answers = {}): StaticModel<State> {
  const cells = async () => ({ content: null, buffers: [await packed()] });
  return new StaticModel<State>({ ...EMPTY, ...state }, { cells, ...answers });
}

export class MountedPicker {
  readonly el = document.createElement("div");
  readonly model: StaticModel<State>;

  constructor(model: StaticModel<State>, width = 1000) {
    this.model = model;
    this.el.style.width = `${width}px`;
    document.body.append(this.el);
  }

  find<E extends HTMLElement>(selector: string): E {
    const element = this.el.querySelector<E>(selector);
    if (!element) throw new Error(`There is no ${selector}.`);
    return element;
  }

  button(name: string): HTMLButtonElement {
    const buttons = [...this.el.querySelectorAll("button")];
    const element = buttons.find((button) => button.textContent?.startsWith(name));
    if (!element) throw new Error(`There is no button ${name}.`);
    return element;
  }

  box(column: string, label: string): HTMLInputElement {
    const boxes = this.find(`[data-filter="${column}"]`).querySelectorAll("input");
    const element = [...boxes].find((box) => box.value === label);
    if (!element) throw new Error(`There is no box ${label}.`);
    return element;
  }

  /** Presses a key in the table. */
  key(key: string, options: KeyboardEventInit = {}): void {
    const event = new KeyboardEvent("keydown", {
      key,
      bubbles: true,
      cancelable: true,
      ...options,
    });
    this.find("[role=grid]").dispatchEvent(event);
  }

  type(text: string): void {
    const field = this.find<HTMLInputElement>("input[type=search]");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  get status(): string {
    return this.find("output").textContent ?? "";
  }

  get active(): HTMLElement {
    return this.find(`[id="${this.find("[role=grid]").getAttribute("aria-activedescendant")}"]`);
  }
}

export async function show(model = newModel(), width?: number): Promise<MountedPicker> {
  const picker = new MountedPicker(model, width);
  unmounts.push(await renderStatic(widget, model, picker.el));
  const grid = () => expect(picker.el.querySelector(".mw-grid")).not.toBeNull();
  await vi.waitFor(grid, { timeout: 10_000 });
  return picker;
}

export const expectStatus = (picker: MountedPicker, text: string) =>
  vi.waitFor(() => expect(picker.status).toContain(text), { timeout: 5000 });
