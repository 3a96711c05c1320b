// The explorer's frame around parts that are simple: a page without a kernel.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import explorer from "../../src/explorer/index";
import { h } from "../../src/shared/dom";
import { linkedView } from "../../src/shared/linked";
import { mount } from "../../src/shared/mount";
import { renderStatic, type Show, StaticModel } from "../../src/shared/static-model";

const A = "864691136650709360";
const B = "864691136585384338";
const FIRST = {
  picker: { value: A, selected: [], filters: {} },
  viewer: { cells: [A], partner: null, synapses: "both" },
  matrix: { pair: null, selected_pre: [], selected_post: [], show: "cells" },
  layout: { columns: [27, 40, 33], enlarged: "" },
};
const PARTS = ["picker", "viewer", "matrix"] as const;

/** A part that has two cells and shows what its model holds. */
const part = {
  render: (props: Parameters<typeof mount>[0]) =>
    mount(props, (place) =>
      linkedView(place, () => ({
        element: h("button", { class: place.model.get("name") === "viewer" ? "skv" : "" }, "part"),
        setTheme: () => {},
        linked: {
          kind: place.model.get("name") as never,
          has: (_side, id) => id === A || id === B,
        },
      })),
    ),
};

let el: HTMLElement;
let unmount: () => void = () => {};
let models: Map<string, StaticModel>;

async function show(width: number): Promise<HTMLElement> {
  el.style.width = `${width}px`;
  models = new Map();
  const view: Show = (model, into) => renderStatic(part as never, model, into);
  for (const name of PARTS)
    models.set(name, new StaticModel({ name, ...FIRST[name] }, {}, models, view));
  const references = Object.fromEntries(PARTS.map((name) => [name, `IPY_MODEL_${name}`]));
  const state = { ...references, panel: null, ...FIRST.layout, height: 600, start: FIRST };
  const model = new StaticModel({ ...state, code_arguments: "con" }, {}, models, view);
  models.set("explorer", model);
  unmount = await renderStatic(explorer as never, model, el);
  await vi.waitFor(() => expect(el.querySelectorAll(".mwx-host").length).toBe(3));
  return el.querySelector(".mwx") as HTMLElement;
}

beforeEach(() => {
  history.replaceState(null, "", "#");
  el = document.createElement("div");
  document.body.append(el);
});
afterEach(() => {
  unmount();
  el.remove();
  history.replaceState(null, "", "#");
});

test("each part gets the height of its place, and the whole is as high as asked", async () => {
  const root = await show(1000);
  await vi.waitFor(() => expect(root.dataset.layout).toBe("columns"));
  expect(root.getBoundingClientRect().height).toBe(600);
  const pane = root.querySelector<HTMLElement>(".mwx-pane") as HTMLElement;
  await vi.waitFor(() =>
    expect(pane.style.getPropertyValue("--mw-part-height")).toBe(`${pane.clientHeight}px`),
  );
});

test("below the breakpoint there are tabs, and a hidden part keeps its size", async () => {
  const root = await show(500);
  await vi.waitFor(() => expect(root.dataset.layout).toBe("tabs"));
  const panes = [...root.querySelectorAll<HTMLElement>(".mwx-pane")];
  expect(new Set(panes.map((pane) => pane.clientWidth)).size).toBe(1);
  models.get("viewer")?.set("cells", [B]);
  const jump = root.querySelector<HTMLButtonElement>(".mwx-jump") as HTMLButtonElement;
  expect(jump.hidden).toBe(false);
  jump.click();
  expect(root.querySelector("[aria-selected=true]")?.textContent).toContain("Neuron");
  expect(jump.hidden).toBe(true);
});

test("the history keys reach the viewer from anywhere in the explorer", async () => {
  const root = await show(1000);
  const keys: string[] = [];
  root.querySelector(".skv")?.addEventListener("keydown", (event) => {
    keys.push((event as KeyboardEvent).key);
  });
  const key = { key: "ArrowLeft", altKey: true, bubbles: true, cancelable: true };
  const event = new KeyboardEvent("keydown", key);
  root.querySelector(".mwx-full")?.dispatchEvent(event);
  expect(keys).toEqual(["ArrowLeft"]);
  expect(event.defaultPrevented).toBe(true);
});

test("a page opens with the state in its address, without what it does not have", async () => {
  history.replaceState(null, "", `#explore?cell=${B}&synapses=none&pair=1,2`);
  const root = await show(1000);
  await vi.waitFor(() => expect(models.get("picker")?.get("value")).toBe(B));
  expect(models.get("viewer")?.get("cells")).toEqual([B]);
  expect(models.get("viewer")?.get("synapses")).toBe("none");
  expect(models.get("matrix")?.get("pair")).toBeNull();
  expect(root.querySelector(".mwx-said")?.textContent).toContain("pair");
});

test("what is chosen is written into the address, and another address is followed", async () => {
  await show(1000);
  history.replaceState(null, "", "#section");
  await vi.waitFor(() => expect(el.querySelector(".mwx-tools")?.textContent).toContain("link"));
  expect(location.hash).toBe("#section");
  models.get("matrix")?.set("show", "types");
  await vi.waitFor(() => expect(location.hash).toBe(`#explore?cell=${A}&show=types`));
  location.hash = `#explore?cell=${B}`;
  await vi.waitFor(() => expect(models.get("matrix")?.get("show")).toBe("cells"));
});

test("it takes its parts away when it leaves", async () => {
  await show(1000);
  unmount();
  expect(el.innerHTML).toBe("");
});

test("neither a divider nor Python leaves a part too narrow to use", async () => {
  const root = await show(1000);
  const widths = () =>
    [...root.querySelectorAll<HTMLElement>(".mwx-part")].map((one) => one.clientWidth);
  const press = (place: number, key: string) => {
    const line = root.querySelectorAll<HTMLElement>(".mwx-divider")[place];
    line?.focus();
    line?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    return line;
  };
  expect(press(0, "Home")?.getAttribute("aria-valuemin")).toBe("24");
  press(1, "End");
  for (const width of widths()) expect(width).toBeGreaterThanOrEqual(239);
  models.get("explorer")?.set("columns", [15, 15, 70]);
  await vi.waitFor(() => expect(widths()[2]).toBeLessThan(520));
  for (const width of widths()) expect(width).toBeGreaterThanOrEqual(239);
  models.get("explorer")?.set("columns", [27, 40, 33]);
  el.style.width = "846px";
  await vi.waitFor(() => expect(Math.min(...widths())).toBeLessThan(230));
  expect(Math.max(...widths()) / 830).toBeCloseTo(0.4, 1);
});
