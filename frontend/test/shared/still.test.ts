import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mount, mountWhenLoaded } from "../../src/shared/mount";
import { RequestError } from "../../src/shared/request";
import { renderStatic, StaticModel } from "../../src/shared/static-model";
import { replaceStill } from "../../src/shared/still";

let leaving: AbortController;

beforeEach(() => {
  leaving = new AbortController();
});
afterEach(() => {
  leaving.abort();
  document.body.replaceChildren();
});

/** The outputs of a cell, in the elements of a notebook. */
function outputs(...contents: string[]): HTMLElement[] {
  const area = document.createElement("div");
  area.innerHTML = contents
    .map((content) => `<div class="output"><div class="prompt"></div><div>${content}</div></div>`)
    .join("");
  document.body.append(area);
  return [...area.children] as HTMLElement[];
}

const VIEW = '<div class="view"></div>';
const PICTURE = '<img alt="">';
const NOTE =
  '<div class="mw-still"><style>a {}</style>This is a picture. Run the notebook from the top (Run, Run All Cells) to make it interactive.</div>';

const view = () => document.querySelector<HTMLElement>(".view") as HTMLElement;
const shown = (parts: HTMLElement[]) => parts.map(({ style }) => style.display !== "none");

test("a widget takes the place of its picture and gives it back when it leaves", () => {
  const parts = outputs("text before", VIEW, PICTURE, NOTE, PICTURE);
  replaceStill(view(), leaving.signal);
  expect(shown(parts)).toEqual([true, true, false, false, true]);
  leaving.abort();
  expect(shown(parts)).toEqual([true, true, true, true, true]);
});

test("a picture that arrives after the widget is hidden as well", async () => {
  const parts = outputs(VIEW);
  replaceStill(view(), leaving.signal);
  for (const late of outputs(PICTURE, NOTE)) {
    parts.push(late);
    parts[0]?.parentElement?.append(late);
  }
  await vi.waitFor(() => expect(shown(parts)).toEqual([true, false, false]));
});

test.each([
  ["has other outputs after it", [VIEW, PICTURE, "a line", NOTE]],
  ["is part of a layout, and the cell below shows a picture", [VIEW, `code ${PICTURE}`, NOTE]],
  ["is part of a layout, and two cells below there is a widget", [VIEW, PICTURE, `code ${NOTE}`]],
])("nothing is hidden if the widget %s", (_case, contents) => {
  const parts = outputs(...contents);
  replaceStill(view(), leaving.signal);
  expect(shown(parts)).toEqual(parts.map(() => true));
});

test("the picture comes back when the last of an explorer's widgets leaves", () => {
  const parts = outputs(VIEW + VIEW, PICTURE, NOTE);
  const views = [...document.querySelectorAll<HTMLElement>(".view")];
  const signals = views.map(() => new AbortController());
  for (const [i, el] of views.entries()) replaceStill(el, (signals[i] as AbortController).signal);
  signals[0]?.abort();
  expect(shown(parts)).toEqual([true, false, false]);
  signals[1]?.abort();
  expect(shown(parts)).toEqual([true, true, true]);
});

test("a mounted widget is marked as alive, so that the note's style shows it", async () => {
  const parts = outputs(VIEW, PICTURE, NOTE);
  const widget = {
    render: (props: Parameters<typeof mount>[0]) =>
      mount(props, () => ({ element: document.createElement("p"), setTheme: () => {} })),
  };
  const unmount = await renderStatic(widget as never, new StaticModel({}), view());
  expect(view().classList.contains("mw-alive")).toBe(true);
  expect(shown(parts)).toEqual([true, false, false]);
  unmount();
  expect(shown(parts)).toEqual([true, true, true]);
});

test("the picture stays where the data were not saved", async () => {
  const parts = outputs(VIEW, PICTURE, NOTE);
  const load = async () => {
    throw new RequestError("NoKernel", "This page is not connected to Python.");
  };
  const widget = {
    render: (props: Parameters<typeof mount>[0]) =>
      mountWhenLoaded(props, { name: "word", load }, () => {
        throw new Error("never built");
      }),
  };
  const unmount = await renderStatic(widget as never, new StaticModel({}), view());
  await vi.waitFor(() => expect(shown(parts)).toEqual([true, true, true]));
  expect(view().classList.contains("mw-alive")).toBe(false);
  unmount();
});
