import { expect, test } from "vitest";
import { h, listen, renew, svg } from "../../src/shared/dom";

test("a cell type that looks like HTML is shown as text", () => {
  const type = "<img src=x onerror=alert(1)>";
  const cell = h("td", { title: type }, type);
  expect(cell.textContent).toBe(type);
  expect(cell.children).toHaveLength(0);
  expect(cell.title).toBe(type);
});

test("attributes that run code from text are rejected", () => {
  expect(() => h("button", { onclick: "alert(1)" })).toThrow("listen()");
  expect(() => h("iframe", { srcdoc: "<script></script>" })).toThrow("listen()");
});

test("attributes may be set, empty or absent", () => {
  const box = h("input", { type: "checkbox", checked: true, disabled: false, name: null, min: 0 });
  expect(box.outerHTML).toBe('<input type="checkbox" checked="" min="0">');
});

test("children can be left out by a condition", () => {
  expect(h("p", {}, "one", false, null, undefined, h("b", {}, "two")).innerHTML).toBe(
    "one<b>two</b>",
  );
});

test("an SVG element belongs to SVG", () => {
  expect(svg("circle", { r: 2 })).toBeInstanceOf(SVGCircleElement);
});

test("a listener can be removed", () => {
  const button = h("button");
  let clicks = 0;
  const stop = listen(button, "click", () => clicks++);
  button.click();
  stop();
  button.click();
  expect(clicks).toBe(1);
});

test("children that stay the same are not replaced, wherever others come and go", () => {
  const list = h("ul");
  document.body.append(list);
  renew(list, h("li", {}, "a"), h("li", {}, "b"), "text", h("li", {}, "c"));
  const [a, b, c] = [...list.children];
  // As JupyterLab needs it on what has the focus.
  a?.setAttribute("data-lm-suppress-shortcuts", "true");
  const observer = new MutationObserver(() => {});
  observer.observe(list, { childList: true });
  renew(list, h("li", {}, "new"), h("li", {}, "a"), false, h("li", {}, "c"), h("li", {}, "d"));
  const removed = observer.takeRecords().flatMap((record) => [...record.removedNodes]);
  expect([...list.children].map((item) => item.textContent)).toEqual(["new", "a", "c", "d"]);
  expect([list.children[1], list.children[2]]).toEqual([a, c]);
  expect(removed).toContain(b);
  expect(removed).not.toContain(a);
  expect(removed).not.toContain(c);
  renew(list);
  expect(list.childNodes.length).toBe(0);
  list.remove();
});
