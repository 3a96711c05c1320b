// The viewer's layout follows the width and the height of its own container.
import { afterEach, describe, expect, test } from "vitest";
import { state, until } from "./sample-cells";
import { type ShownViewer, show } from "./shown-viewer";

const [ID] = state().cells as [string];
let viewer: ShownViewer;
afterEach(() => viewer.end());

async function at(width: number, height?: number) {
  viewer = await show({ cells: [ID] }, width);
  if (height) viewer.el.style.setProperty("--mw-part-height", `${height}px`);
  await viewer.ready();
}
const bar = () => viewer.find(".skv-bar");
const isShown = (selector: string) => viewer.find(selector).getClientRects().length > 0;

describe.each([340, 480, 560, 760, 860, 1280])("at %i px", (width) => {
  test("the toolbar is one row within the viewer", async () => {
    await at(width);
    const menus = () => bar().contains(viewer.find(".skv-menus"));
    await until(() => expect(menus()).toBe(true));
    await until(() => {
      const bottoms = [...bar().children].map((el) => el.getBoundingClientRect().bottom);
      expect(Math.max(...bottoms) - Math.min(...bottoms)).toBeLessThan(3);
    });
    expect(bar().scrollWidth).toBeLessThanOrEqual(bar().clientWidth);
    expect(bar().clientHeight).toBeLessThan(56);
  });
});

test("choices and menus that do not fit are in the menu More", async () => {
  await at(420);
  const more = viewer.find<HTMLDetailsElement>(".skv-more");
  await until(() => expect(more.querySelector("select[data-trait=color_by]")).not.toBeNull());
  expect(more.querySelector("[data-export=png]")).not.toBeNull();
  viewer.el.style.width = "1000px";
  await until(() => expect(more.querySelector("select")).toBeNull());
  expect(isShown("select[data-trait=color_by]")).toBe(true);
});

test("the legend of a narrow viewer lies over the picture, behind a button", async () => {
  await at(400);
  expect(isShown(".skv-legend")).toBe(false);
  const button = viewer.find<HTMLButtonElement>(".skv-fold");
  button.click();
  expect([isShown(".skv-legend"), button.getAttribute("aria-expanded")]).toEqual([true, "true"]);
  viewer
    .find(".skv-legend input")
    .dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(isShown(".skv-legend")).toBe(false);
  viewer.el.style.width = "900px";
  await until(() => expect(isShown(".skv-legend")).toBe(true));
});

test.each([
  [340, 420],
  [340, 560],
  [490, 560],
  [900, 600],
])("at %i px it has exactly the height that it is given", async (width, height) => {
  await at(width, height);
  const root = viewer.find(".skv");
  await until(() => expect(root.getBoundingClientRect().height).toBe(height));
  expect(root.scrollHeight).toBeLessThanOrEqual(height);
  expect(viewer.stage.clientHeight).toBeGreaterThanOrEqual(0.45 * height);
  expect(viewer.find(".skp").clientHeight).toBeGreaterThanOrEqual(110);
  const table = viewer.find(".skp-scroll");
  expect(table.scrollHeight).toBeGreaterThan(table.clientHeight);
  expect(table.scrollWidth).toBeLessThanOrEqual(table.clientWidth);
  const bar = viewer.find(".skp-bar");
  expect(bar.scrollWidth).toBeLessThanOrEqual(bar.clientWidth);
});

test("beside a divider that was moved far, no menu or list is cut", async () => {
  await at(240, 540);
  const right = viewer.find(".skv").getBoundingClientRect().right;
  await until(() => {
    for (const control of viewer.el.querySelectorAll(".skv-bar button, .skv-bar > details"))
      expect(control.getBoundingClientRect().right).toBeLessThanOrEqual(right);
  });
  for (const list of viewer.el.querySelectorAll(".skp-bar select"))
    expect(list.clientWidth).toBeGreaterThan(60);
  expect(viewer.find(".skv-bar").clientHeight).toBeLessThan(80);
  expect(viewer.find(".skp-scroll").clientHeight).toBeGreaterThanOrEqual(60);
  const [status, foot] = [".skp-status", ".skv-foot"].map((one) =>
    viewer.find(one).getBoundingClientRect(),
  );
  expect(status?.bottom).toBeLessThanOrEqual(foot?.top as number);
});

test("enlarged, the picture and the table both grow, and the profile is not cut", async () => {
  await at(330, 560);
  const sizes = () => [
    viewer.stage.clientWidth,
    viewer.stage.clientHeight,
    viewer.find(".skp-scroll").clientHeight,
  ];
  const small = sizes();
  viewer.el.style.width = "846px";
  await until(() => expect(viewer.find(".skv").matches(".skv-wide")).toBe(true));
  const large = sizes();
  large.forEach((size, place) => {
    expect(size).toBeGreaterThan(small[place] as number);
  });
  const profile = viewer.find(".skv-profile");
  expect(profile.scrollHeight).toBeLessThanOrEqual(profile.clientHeight);
  const drawing = profile.querySelector("svg")?.getBoundingClientRect();
  expect(drawing?.height).toBeGreaterThan(250);
  expect(viewer.find(".skv").scrollHeight).toBeLessThanOrEqual(560);
});

test("a longer description does not move the table of a viewer of given height", async () => {
  await at(330, 560);
  const top = () => viewer.find(".skp-scroll").getBoundingClientRect().top;
  const before = top();
  viewer.find(".skv-summary").textContent = "Cell 864691135000000001: not loaded.";
  expect(top()).toBe(before);
});

test("help opens by its button, closes by Escape, and nothing is explained below the picture", async () => {
  await at(900);
  const help = viewer.find<HTMLDetailsElement>(".skv-help");
  expect(viewer.find(".skv-foot").textContent).not.toContain("Shift");
  (help.querySelector("summary") as HTMLElement).click();
  expect(help.open).toBe(true);
  expect(help.textContent).toContain("next and previous synapse");
  help.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(help.open).toBe(false);
});
