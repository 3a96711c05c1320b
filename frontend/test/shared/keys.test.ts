import { expect, test, vi } from "vitest";
import { h } from "../../src/shared/dom";
import { keepKeys } from "../../src/shared/keys";

function widget() {
  const inside = h("button", {});
  const root = h("div", {}, inside);
  const page = h("div", {}, root);
  keepKeys(root);
  const heard = vi.fn((event: KeyboardEvent) => event.key);
  page.addEventListener("keydown", heard);
  const press = (options: KeyboardEventInit) =>
    inside.dispatchEvent(
      new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...options }),
    );
  return { root, page, heard, press };
}

test("no letter, digit or arrow reaches the notebook", () => {
  const { heard, press } = widget();
  for (const key of [..."abcdefghijklmnopqrstuvwxyz0123456789", "ArrowUp", "Enter", "Escape"]) {
    press({ key });
    press({ key: key.toUpperCase(), shiftKey: true });
  }
  expect(heard).not.toHaveBeenCalled();
});

test("the notebook still gets its own commands, such as saving", () => {
  const { heard, press, page } = widget();
  press({ key: "s", ctrlKey: true });
  expect(heard).toHaveReturnedWith("s");
  page.addEventListener("keydown", (event) => event.preventDefault());
  expect(press({ key: "s", metaKey: true })).toBe(false);
});

test("copy and undo belong to the widget, and so does what it has handled", () => {
  const { root, heard, press } = widget();
  press({ key: "z", ctrlKey: true });
  press({ key: "c", metaKey: true });
  root.firstElementChild?.addEventListener("keydown", (event) => event.preventDefault());
  press({ key: "Enter", ctrlKey: true });
  expect(heard).not.toHaveBeenCalled();
});

test("JupyterLab leaves the keys to the widget", () => {
  expect(widget().root.dataset.lmSuppressShortcuts).toBe("true");
});

test("the focused element itself is marked: Notebook 7 asks it before the elements around it", () => {
  const { root, page } = widget();
  document.body.append(page);
  const inside = root.querySelector("button") as HTMLElement;
  inside.focus();
  expect(inside.dataset.lmSuppressShortcuts).toBe("true");
  page.remove();
});
