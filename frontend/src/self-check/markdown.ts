// Light markdown as elements: code, emphasis, links and paragraphs. Everything else is text.
import { LIGHT_MARKDOWN } from "../shared/contract";
import { h } from "../shared/dom";

/** The elements of one paragraph. */
export function inline(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(RegExp(LIGHT_MARKDOWN, "g"))) {
    const [all, code, strong, emphasis, words, address] = match;
    parts.push(text.slice(end, match.index));
    if (code) parts.push(h("code", {}, code));
    else if (strong) parts.push(h("strong", {}, strong));
    else if (emphasis) parts.push(h("em", {}, emphasis));
    else
      parts.push(
        h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words as string),
      );
    end = match.index + all.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

/** Paragraphs, which an empty line separates. */
export function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph)
    .map((paragraph) => h("p", {}, ...inline(paragraph)));
}
