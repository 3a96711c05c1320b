// Each of several cells is hidden and shown by its checkbox in the legend.
import { afterEach, beforeEach, expect, test } from "vitest";
import { expected, state, until } from "./sample-cells";
import { savedFile, show } from "./shown-viewer";

const [ID, MISSING] = state().cells as [string, string];
let viewer: Awaited<ReturnType<typeof show>>;
const text = (selector: string) => viewer.find(selector)?.textContent ?? "";
const box = (id: string) => viewer.find<HTMLInputElement>(`.skv-legend [data-cell="${id}"]`);
const somata = (n: number) =>
  until(() => expect(viewer.el.querySelectorAll(".skv-soma").length).toBe(n));
const rows = async () =>
  (await (await savedFile(viewer, "csv")).text()).trim().split("\n").length - 1;
/** The cells that an exported picture names above its legend. */
const named = async () => {
  const file = await (await savedFile(viewer, "svg")).text();
  return [ID, MISSING].filter((id) => new RegExp(`>[^<:]+ ${id}<`).test(file));
};

beforeEach(async () => {
  viewer = await show({ cells: [ID, MISSING] });
  await until(() => expect(text(".skv-summary")).toMatch(/2 cells: .*cable/));
  await until(() => expect(text(".skv-notes")).toContain("has no skeleton"));
});
afterEach(() => viewer.end());

test("a hidden cell is not drawn, counted or saved, and Python hears nothing of it", async () => {
  const before = JSON.stringify(viewer.model.get("cells"));
  const all = await rows();
  expect(all).toBeGreaterThan(expected.partners.length);
  await somata(2);
  box(MISSING).click();
  expect(text(".skv-summary")).toContain("1 cell is hidden.");
  await somata(1);
  expect(await rows()).toBe(expected.partners.length);
  expect(text(".skv-legend [aria-label=Synapses]")).toBe(
    `Synapsesinputs${expected.directions.input}outputs${expected.directions.output}`,
  );
  expect(await named()).toEqual([ID]);
  box(ID).click();
  for (const format of ["png", "svg", "swc", "csv"]) {
    viewer.find(".skv-export output").textContent = "";
    viewer.find(`[data-export=${format}]`).click();
    await until(() => expect(text(".skv-export output")).toBe("All cells are hidden."));
  }
  box(ID).click();
  box(MISSING).click();
  expect(await rows()).toBe(all);
  expect(text(".skv-summary")).not.toContain("hidden");
  expect(JSON.stringify(viewer.model.get("cells"))).toBe(before);
  expect(viewer.model.get("hidden_types")).toEqual([]);
});

test("the focus stays on the box, whatever the colours show", () => {
  for (const color of ["cell", "compartment", "depth"] as const) {
    viewer.model.set("color_by", color);
    const checked = box(ID).checked;
    box(ID).focus();
    box(ID).click();
    expect(box(ID).checked).toBe(!checked);
    expect(document.activeElement).toBe(box(ID));
    expect(box(ID).labels?.[0]?.textContent).toContain(ID);
  }
});

test("synapses of a hidden cell are neither found nor ringed", async () => {
  viewer.model.set("partner", expected.partners[0] as string);
  await until(() => expect(viewer.find(".skv-chosen")).toBeTruthy());
  box(ID).click();
  await until(() => expect(viewer.find(".skv-chosen")).toBeNull());
  const press = (key: string) =>
    viewer.stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  press("n");
  press("Enter");
  expect(expected.partners).not.toContain(viewer.model.get("partner"));
});

test("a pair is shown with both cells", async () => {
  box(MISSING).click();
  viewer.model.set("partner", MISSING);
  await until(() => expect(viewer.find("[aria-label=Pair]").hidden).toBe(false));
  await somata(2);
  expect(text(".skv-summary")).not.toContain("hidden");
});

test("a cell alone has no box, and one that left is shown when it comes back", async () => {
  box(ID).click();
  viewer.model.set("cells", [ID]);
  await until(() => expect(text(".skv-summary")).toContain(`${ID}: `));
  await somata(1);
  expect(box(ID)).toBeNull();
  viewer.model.set("cells", [ID, MISSING]);
  await until(() => expect(text(".skv-summary")).toContain("2 cells: "));
  expect(box(ID).checked).toBe(true);
});
