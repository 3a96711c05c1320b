import { expect, test } from "vitest";
import { inline, paragraphs } from "../../src/self-check/markdown";
import { h } from "../../src/shared/dom";
import cases from "../fixtures/light-markdown.json";

test.each(cases)("$text is shown as Python writes it", ({ text, html }) => {
  const shown = h("p", {}, ...inline(text));
  for (const link of shown.querySelectorAll("a")) {
    expect(link.rel).toBe("noopener noreferrer");
    link.removeAttribute("rel");
    link.removeAttribute("target");
  }
  const written = document.createElement("p");
  written.innerHTML = html;
  expect(shown.innerHTML).toBe(written.innerHTML);
});

test("an empty line begins a paragraph", () => {
  expect(paragraphs("One\ntwo.\n\nThree.\n").map((one) => one.textContent)).toEqual([
    "One\ntwo.",
    "Three.",
  ]);
});
