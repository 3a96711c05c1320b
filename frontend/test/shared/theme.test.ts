import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Theme, theme, watchTheme } from "../../src/shared/theme";

let el: HTMLElement;

beforeEach(() => {
  el = document.body.appendChild(document.createElement("div"));
});

afterEach(() => {
  for (const element of [document.body, document.documentElement]) {
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
  }
  el.remove();
});

describe("the theme of a host", () => {
  test.each<[string, "body" | "html", string, string, Theme]>([
    ["JupyterLab and Notebook 7, dark", "body", "data-jp-theme-light", "false", "dark"],
    ["JupyterLab and Notebook 7, light", "body", "data-jp-theme-light", "true", "light"],
    ["Colab, dark", "html", "theme", "dark", "dark"],
    ["Jupyter Book, dark", "html", "data-theme", "dark", "dark"],
    ["Jupyter Book, light", "html", "data-theme", "light", "light"],
    ["VS Code, dark", "body", "data-vscode-theme-kind", "vscode-dark", "dark"],
    ["VS Code, light", "body", "data-vscode-theme-kind", "vscode-light", "light"],
    ["VS Code, high contrast", "body", "data-vscode-theme-kind", "vscode-high-contrast", "dark"],
  ])("%s", (_host, where, attribute, value, expected) => {
    const element = where === "body" ? document.body : document.documentElement;
    element.setAttribute(attribute, value);
    expect(theme(el)).toBe(expected);
  });

  test("is light in VS Code's dark theme, which draws widgets on white", () => {
    document.body.setAttribute("data-vscode-theme-kind", "vscode-dark");
    el.style.backgroundColor = "white";
    expect(theme(el)).toBe("light");
  });

  test("is derived from the background if the host does not set it", () => {
    document.body.style.backgroundColor = "rgb(17, 17, 17)";
    expect(theme(el)).toBe("dark");
  });

  test("looks through a transparent background to the one behind it", () => {
    document.body.style.backgroundColor = "rgb(17, 17, 17)";
    el.style.backgroundColor = "rgba(255, 255, 255, 0.1)";
    expect(theme(el)).toBe("dark");
  });

  test("is the browser's preference if nothing else sets it", () => {
    expect(theme(el)).toBe(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  });
});

test("a change of theme is reported once, and not after stopping", async () => {
  const themes: Theme[] = [];
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  document.body.setAttribute("data-jp-theme-light", "true");
  const stop = watchTheme(el, (current) => themes.push(current));
  document.body.setAttribute("data-jp-theme-light", "false");
  await settled();
  document.body.setAttribute("class", "other");
  await settled();
  stop();
  document.body.setAttribute("data-jp-theme-light", "true");
  await settled();
  expect(themes).toEqual(["light", "dark"]);
});

test("an element that is added to the page later has the theme of what it is added to", async () => {
  const themes: Theme[] = [];
  document.body.setAttribute("data-vscode-theme-kind", "vscode-dark");
  const later = document.createElement("div");
  later.textContent = "a widget";
  const stop = watchTheme(later, (current) => themes.push(current));
  el.style.backgroundColor = "white";
  el.append(later);
  await vi.waitFor(() => expect(themes).toEqual(["dark", "light"]));
  stop();
});
