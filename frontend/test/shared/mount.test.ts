import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { h } from "../../src/shared/dom";
import { mountWhenLoaded } from "../../src/shared/mount";
import { RequestError } from "../../src/shared/request";
import { type Answers, renderStatic, StaticModel } from "../../src/shared/static-model";

type Traits = Record<string, unknown>;

let el: HTMLElement;

beforeEach(() => {
  el = document.createElement("div");
  document.body.append(el);
});
afterEach(() => el.remove());

/** A widget that loads a word and shows it, and calls `end` when it is destroyed. */
async function widget(load: () => Promise<string>, end = () => {}, answers: Answers = {}) {
  const page = {
    render: (props: Parameters<typeof mountWhenLoaded<Traits, string>>[0]) =>
      mountWhenLoaded(props, { name: "word", load }, (_place, word) => {
        const element = h("p", {}, word);
        const setTheme = (theme: string) => element.setAttribute("data-theme", theme);
        return { element, setTheme, destroy: end };
      }),
  };
  return renderStatic(page as never, new StaticModel({}, answers), el);
}

test("a message is shown while data load, then the view in the page's theme", async () => {
  document.body.dataset.jpThemeLight = "false";
  let give = (_word: string) => {};
  const unmount = await widget(() => new Promise((resolve) => (give = resolve)));
  expect(el.querySelector("[role=status]")?.textContent).toBe("Loading the word …");
  give("soma");
  await vi.waitFor(() => expect(el.textContent).toBe("soma"));
  expect(el.querySelector("p")?.dataset.theme).toBe("dark");
  delete document.body.dataset.jpThemeLight;
  await vi.waitFor(() => expect(el.querySelector("p")?.dataset.theme).toBe("light"));
  unmount();
});

test("a failure is shown with its reason, and loading can be tried again", async () => {
  let attempts = 0;
  const unmount = await widget(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("The kernel was busy.");
    return "axon";
  });
  await vi.waitFor(() => expect(el.querySelector("[role=alert]")).not.toBeNull());
  expect(el.querySelector("[role=alert] p")?.textContent).toBe(
    "The word could not be loaded: The kernel was busy.",
  );
  el.querySelector("button")?.click();
  await vi.waitFor(() => expect(el.textContent).toBe("axon"));
  unmount();
});

test("a page without kernel and data explains how to save them", async () => {
  const unmount = await widget(async () => {
    throw new RequestError("NoKernel", "This page is not connected to Python.");
  });
  await vi.waitFor(() =>
    expect(el.querySelector("[role=alert]")?.textContent).toContain("save_data=True"),
  );
  unmount();
});

test("a view whose Python object is gone offers no button that cannot help", async () => {
  const unmount = await widget(async () => {
    throw new RequestError("Disconnected", "Run this notebook cell again.");
  });
  await vi.waitFor(() => expect(el.textContent).toContain("Run this notebook cell again."));
  expect(el.querySelector("button")).toBeNull();
  unmount();
});

test("a widget that leaves while it loads shows nothing afterwards", async () => {
  let give = (_word: string) => {};
  const unmount = await widget(() => new Promise((resolve) => (give = resolve)));
  unmount();
  give("late");
  await new Promise((resolve) => setTimeout(resolve));
  expect(el.textContent).toBe("");
});

test("a widget that leaves is destroyed and leaves nothing behind", async () => {
  const end = vi.fn();
  const unmount = await widget(async () => "dendrite", end);
  await vi.waitFor(() => expect(el.textContent).toBe("dendrite"));
  unmount();
  expect(end).toHaveBeenCalledOnce();
  document.body.dataset.jpThemeLight = "false";
  await new Promise((resolve) => setTimeout(resolve));
  delete document.body.dataset.jpThemeLight;
  expect(el.textContent).toBe("");
});
